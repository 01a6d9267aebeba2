import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A standard OAuth token endpoint (RFC 6749 §6) with single-use refresh tokens, on loopback. */
export interface TokenServer {
  readonly url: string;
  /** Refresh calls since `reset`. */
  readonly calls: number;
  /** While set, a refresh gets no answer. */
  hang: boolean;
  reset(): void;
  close(): Promise<void>;
}

interface Family {
  readonly user: string;
  revoked: boolean;
  /** What the first refresh answers, s; later ones an hour. */
  first: { lifeS?: number; refreshInS?: number } | undefined;
}

type Json = Record<string, unknown>;

const LIFE_S = 3600;
/** As long as those of the stand-in for MiniMax, so that nobody's memory is measured with shorter ones. */
const ACCESS_BYTES = 480;
const REFRESH_BYTES = 240;

export async function startTokenServer(): Promise<TokenServer> {
  const access = new Map<string, Family>();
  const refresh = new Map<string, { family: Family; spent: boolean }>();
  let calls = 0;

  const issue = (family: Family, { lifeS = LIFE_S, refreshInS }: NonNullable<Family["first"]> = {}): Json => {
    const answer = {
      access_token: randomBytes(ACCESS_BYTES).toString("base64url"),
      refresh_token: randomBytes(REFRESH_BYTES).toString("base64url"),
    };
    access.set(answer.access_token, family);
    refresh.set(answer.refresh_token, { family, spent: false });
    const window = refreshInS === undefined ? {} : { refresh_in: refreshInS };
    return { ...answer, token_type: "Bearer", scope: "model", expires_in: lifeS, ...window };
  };

  /** undefined: refused. A spent token, used again, ends its whole family (RFC 9700 §4.14). */
  const rotate = (token: string | null): Json | undefined => {
    calls += 1;
    const known = refresh.get(token ?? "");
    if (known?.spent) known.family.revoked = true;
    if (!known || known.family.revoked) return undefined;
    known.spent = true;
    const answer = issue(known.family, known.family.first);
    known.family.first = undefined;
    return { ...answer, ...identity(known.family.user) };
  };
  const signIn = (first?: Family["first"]): Json =>
    issue({ user: randomBytes(8).toString("hex"), revoked: false, first });

  const routes: Record<string, (body: string, request: IncomingMessage) => Json | undefined> = {
    "/seed": (body) => signIn(JSON.parse(body)),
    "/token": (body) => rotate(new URLSearchParams(body).get("refresh_token")),
    "/aws/token": (body) => camelCase(rotate(JSON.parse(body).refreshToken)),
    "/login/device/code": () => ({
      device_code: "device",
      user_code: "USER-CODE",
      verification_uri: "https://example.invalid/device",
      expires_in: 900,
      interval: 0,
    }),
    "/login/oauth/access_token": () => {
      calls += 1;
      return { ...signIn(), refresh_token_expires_in: 15_897_600 };
    },
    "/use": (_body, { headers }) => {
      const family = access.get(headers.authorization?.replace("Bearer ", "") ?? "");
      return family && !family.revoked ? {} : undefined;
    },
  };

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.replace(/\?.*/, "") ?? "";
    const body = await text(request);
    if (state.hang && path.endsWith("/token")) return;
    const answer = routes[path]?.(body, request);
    response.writeHead(answer ? 200 : 400, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { error: "invalid_grant", error_description: "refused" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const state: TokenServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hang: false,
    get calls() {
      return calls;
    },
    reset() {
      calls = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Whose tokens they are, as MSAL wants to know: an ID token and `client_info`. */
function identity(user: string): Json {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "bench",
    aud: "bench",
    sub: user,
    oid: user,
    tid: "tenant",
    iat: now,
    exp: now + LIFE_S,
  };
  const idToken = `${encoded({ alg: "none" })}.${encoded({ ...claims, preferred_username: user })}.x`;
  return { id_token: idToken, client_info: encoded({ uid: user, utid: "tenant" }) };
}

function camelCase(answer: Json | undefined): Json | undefined {
  if (!answer) return undefined;
  const rename = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [rename(name), value]));
}
