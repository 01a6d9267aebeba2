import type { DeviceAuthorizationResponse, TokenEndpointResponse } from "openid-client";
import { AuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import { Secret } from "../base/secret.ts";
import { plainText } from "../base/text.ts";
import { isConfidential } from "../http/loopback.ts";

const LONGEST_CODE_LIFE_S = 24 * 3600;

const LONGEST_TOKEN_LIFE_S = 10 * 365 * 24 * 3600;

/** RFC 8628 §3.2: when the server names none. */
const DEFAULT_INTERVAL_S = 5;

/** RFC 6749 §5.1 only recommends `expires_in`. */
const DEFAULT_TOKEN_LIFE_S = 3600;

/** What the person needs, fit to be shown. Throws AuthError `answer_invalid`. */
export function deviceAuthorization(
  answer: DeviceAuthorizationResponse,
  codeVerifier: Secret,
  sentAt: number,
): DeviceAuthorization {
  const userCode = plainText(answer.user_code, 64);
  if (userCode === "") throw unusable("its code cannot be shown");
  return {
    userCode,
    verificationUri: page(answer.verification_uri),
    expiresAt: sentAt + Math.min(answer.expires_in, LONGEST_CODE_LIFE_S) * 1000,
    intervalMs: (answer.interval ?? DEFAULT_INTERVAL_S) * 1000,
    deviceCode: new Secret(answer.device_code),
    codeVerifier,
  };
}

/** The life counts from when the request was sent, so that a slow answer never makes a token look younger. */
export function tokenSet(answer: TokenEndpointResponse, sentAt: number, requestedScope: string): TokenSet {
  const { access_token: accessToken, refresh_token: refreshToken, scope } = answer;
  for (const token of [accessToken, refreshToken ?? ""])
    if (!isTokenText(token)) throw unusable("its token is garbled");
  const life = Math.min(answer.expires_in ?? DEFAULT_TOKEN_LIFE_S, LONGEST_TOKEN_LIFE_S);
  const extra: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value === "string" && !/token|scope/.test(name)) extra[name] = value;
  }
  const granted = scope?.split(" ");
  return {
    accessToken: new Secret(accessToken),
    ...(refreshToken ? { refreshToken: new Secret(refreshToken) } : {}),
    expiresAt: sentAt + life * 1000,
    ...(scope ? { scope } : {}),
    // RFC 6749 §5.1: no scope in the answer means the one that was asked for.
    missingScope: granted ? requestedScope.split(" ").filter((name) => !granted.includes(name)) : [],
    extra,
  };
}

/** RFC 6749 §A.12: printable ASCII. Anything else would break the header that it is sent in. */
const isTokenText = (text: string) => /^[\x20-\x7e]*$/.test(text);

function page(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && isConfidential(url) && !url.username && !url.password) return url.href;
  throw unusable("its sign-in page is not HTTPS");
}

function unusable(why: string): AuthError {
  return new AuthError("answer_invalid", {
    what: `MiniMax's sign-in server sent an answer that cannot be used: ${why}.`,
    kept: "Nothing was changed.",
    next: `Try again in a minute: \`${SIGN_IN_COMMAND}\`.`,
  });
}

/** A device authorization that waits for the person (RFC 8628 §3.2). */
export interface DeviceAuthorization {
  /** Shown to the person, who compares it with the page (RFC 8628 §5.4). */
  readonly userCode: string;
  readonly verificationUri: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly intervalMs: number;
  readonly deviceCode: Secret;
  readonly codeVerifier: Secret;
}

/** A successful token answer (RFC 6749 §5.1). */
export interface TokenSet {
  readonly accessToken: Secret;
  /** Absent when the server did not send one: the old one stays valid (RFC 6749 §6). */
  readonly refreshToken?: Secret;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly scope?: string;
  /** What was asked for and not granted (RFC 6749 §3.3). */
  readonly missingScope: readonly string[];
  /** Further text fields of the answer, by name. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Where and as whom to sign in. */
export interface Server {
  /** Origin of the authorization server; HTTP is accepted for loopback only. */
  readonly issuer: string;
  readonly deviceAuthorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** RFC 7009; left out where there is none. */
  readonly revocationEndpoint?: string;
  readonly clientId: string;
  readonly scope: string;
}
