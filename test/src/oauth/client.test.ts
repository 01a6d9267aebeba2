import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import type { AuthError } from "../../../src/base/error.ts";
import { reveal, Secret } from "../../../src/base/secret.ts";
import type { Http } from "../../../src/http/http.ts";
import { createOAuthClient, type OAuthClient } from "../../../src/oauth/client.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const server = {
  issuer: "https://as.example",
  deviceAuthorizationEndpoint: "https://as.example/device",
  tokenEndpoint: "https://as.example/token",
  revocationEndpoint: "https://as.example/revoke",
  clientId: "client",
  scope: "a b",
};
const DEVICE = {
  device_code: "d",
  user_code: "U-1",
  verification_uri: "https://as.example/go",
  expires_in: 600,
};
const TOKENS = { access_token: "the-at", refresh_token: "the-rt", token_type: "Bearer", expires_in: 1.5 };

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly form: URLSearchParams;
}

/** A client of a standard server that gives these answers, in order. */
function client(...answers: (object | [number, object, Record<string, string>?])[]) {
  const clock = virtualClock();
  const sent: Sent[] = [];
  const http: Http = async (url, { method, headers, body }) => {
    const form = new URLSearchParams(body as URLSearchParams);
    sent.push({ url, method, headers: new Headers(headers), form });
    const next = answers.shift() ?? {};
    const [status, json, answered = {}] = Array.isArray(next) ? next : [200, next];
    return Response.json(json, { status, headers: answered });
  };
  return { oauth: createOAuthClient({ server, http, clock }) as OAuthClient, clock, sent };
}

/** One of each request that the client can make. */
async function everyRequest(): Promise<Sent[]> {
  const { oauth, sent } = client(DEVICE, [400, { error: "authorization_pending" }], TOKENS, TOKENS, {});
  await oauth.waitForTokens(await oauth.authorizeDevice());
  await oauth.refresh(new Secret("r0"));
  await oauth.revoke(new Secret("r0"));
  return sent;
}

const fields = (sent: Sent | undefined) => Object.fromEntries(sent?.form ?? []);

/** That the answer is refused with `answer_invalid`, and without quoting any of it. */
async function refusedUnquoted(answer: object, secrets = /the-at|the-rt|old-rt/) {
  const { oauth } = client(answer);
  await assert.rejects(oauth.refresh(new Secret("old-rt")), (error: Error) => {
    authError("answer_invalid")(error);
    assert.equal(error.cause, undefined);
    assert.doesNotMatch(inspect(error), secrets);
    return true;
  });
}

test("TK-03 a token answer without access_token is refused", async () => {
  await refusedUnquoted({ ...TOKENS, access_token: undefined });
});

test("TK-04 a token of an unknown type is refused", async () => {
  await refusedUnquoted({ ...TOKENS, token_type: "mac" });
  await refusedUnquoted({ ...TOKENS, token_type: undefined });
});

test("a token that would break a header is refused", async () => {
  for (const access_token of ["the-at\r\nx-evil: 1", "the-at\u0000", "the-at-ü"]) {
    await refusedUnquoted({ ...TOKENS, access_token });
  }
});

test("TK-07 an error is read as the standard says, and its body is never quoted in full", async () => {
  const secret = "rt-secret";
  const { oauth } = client(
    [400, { error: "invalid_grant", error_description: "gone", echo: secret }],
    [400, { error: "temporarily_unavailable" }],
    [401, { error: "invalid_client" }, { "www-authenticate": "Basic" }],
  );
  for (const code of ["grant_rejected", "portal_unavailable", "portal_refused"] as const) {
    await assert.rejects(oauth.refresh(new Secret(secret)), (error: Error) => {
      authError(code)(error);
      return !inspect(error).includes(secret);
    });
  }
});

test("a busy standard server is told from a refusal, with its Retry-After in seconds or as a date", async () => {
  const clock = virtualClock();
  const at = new Date(clock.now() + 30_000).toUTCString();
  const { oauth } = client(
    [503, {}, { "retry-after": "30" }],
    [429, {}, { "retry-after": at }],
    [500, { error: "invalid_grant" }],
  );
  for (const seconds of [30, 30, undefined]) {
    await assert.rejects(oauth.refresh(new Secret("r")), (error: AuthError) => {
      authError("portal_unavailable")(error);
      return error.text.retryAfterSeconds === seconds;
    });
  }
});

test("DF-04 a standard device answer without code, page or expiry is refused", async () => {
  for (const field of ["device_code", "user_code", "verification_uri", "expires_in"]) {
    const { oauth } = client({ ...DEVICE, [field]: undefined });
    await assert.rejects(oauth.authorizeDevice(), authError("answer_invalid"));
  }
});

test("a page that is not HTTPS is not shown, nor a code that cannot be", async () => {
  for (const bad of [
    { verification_uri: "http://as.example/go" },
    { verification_uri: "javascript:alert(1)" },
    { verification_uri: "https://user:pass@as.example/go" },
    { user_code: "\u001b\u0007" },
  ]) {
    const { oauth } = client({ ...DEVICE, ...bad });
    await assert.rejects(oauth.authorizeDevice(), authError("answer_invalid"));
  }
});

test("terminal escapes in a code are taken out", async () => {
  const { oauth } = client({ ...DEVICE, user_code: "\u001b[2JU-1\u202e" });
  assert.equal((await oauth.authorizeDevice()).userCode, "[2JU-1");
});

test("DF-01 the device request is a form POST with client_id", async () => {
  const [device] = await everyRequest();
  assert.deepEqual([device?.method, device?.url], ["POST", server.deviceAuthorizationEndpoint]);
  assert.match(device?.headers.get("content-type") ?? "", /^application\/x-www-form-urlencoded/);
  assert.deepEqual([device?.form.get("client_id"), device?.form.get("scope")], ["client", "a b"]);
});

test("DF-03 no request has an empty or a repeated parameter", async () => {
  for (const { form } of await everyRequest()) {
    assert.equal(new Set(form.keys()).size, [...form.keys()].length);
    assert.deepEqual([...form.values()].includes(""), false);
  }
});

test("DF-06 a standard server without an interval is asked every five seconds", async () => {
  const { oauth } = client(DEVICE, { ...DEVICE, interval: 7 });
  assert.equal((await oauth.authorizeDevice()).intervalMs, 5_000);
  assert.equal((await oauth.authorizeDevice()).intervalMs, 7_000);
});

test("DF-08 device code and verifier are masked in every place where they could be printed", async () => {
  const { oauth, sent } = client({ ...DEVICE, device_code: "very-secret-code" }, TOKENS);
  const authorization = await oauth.authorizeDevice();
  await oauth.waitForTokens(authorization);
  const verifier = sent[1]?.form.get("code_verifier") ?? "";
  assert.ok(verifier.length >= 43);
  for (const printed of [
    inspect(authorization),
    JSON.stringify(authorization),
    `${authorization.deviceCode}`,
  ]) {
    assert.ok(!printed.includes("very-secret-code") && !printed.includes(verifier));
  }
});

test("DF-09 a complete URI is optional, and the person gets code and page all the same", async () => {
  const complete = "https://as.example/go?c=U-1";
  const { oauth } = client(DEVICE, { ...DEVICE, verification_uri_complete: complete });
  const [without, given] = [await oauth.authorizeDevice(), await oauth.authorizeDevice()];
  for (const { userCode, verificationUri } of [without, given]) {
    assert.deepEqual([userCode, verificationUri], ["U-1", DEVICE.verification_uri]);
  }
});

test("DF-10 the token request has the right grant type and code", async () => {
  const [, token] = await everyRequest();
  const { code_verifier: _, ...rest } = fields(token);
  assert.deepEqual(rest, {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: "d",
    client_id: "client",
  });
});

test("DF-22 no request carries a client secret", async () => {
  for (const { form, headers } of await everyRequest()) {
    assert.ok(!form.has("client_secret") && !form.has("client_assertion") && !headers.has("authorization"));
  }
});

test("NA-02 every request names the public client by its id", async () => {
  for (const { form } of await everyRequest()) assert.equal(form.get("client_id"), "client");
});

test("TK-01 every token request is a POST", async () => {
  const methods = (await everyRequest()).map(({ method }) => method);
  assert.deepEqual(new Set(methods), new Set(["POST"]));
});

test("TK-02 a narrower scope is noticed, an absent one means what was asked for", async () => {
  const { oauth } = client({ ...TOKENS, scope: "b c" }, TOKENS, { ...TOKENS, scope: "b a" });
  const missing = async () => (await oauth.refresh(new Secret("r"))).missingScope;
  assert.deepEqual([await missing(), await missing(), await missing()], [["a"], [], []]);
});

test("TK-05 unknown fields do not matter; text ones are kept, tokens not among them", async () => {
  const { oauth } = client({
    ...TOKENS,
    resource_url: "https://x",
    id_token: undefined,
    n: 1,
    deep: { a: [1] },
  });
  assert.deepEqual((await oauth.refresh(new Secret("r"))).extra, { resource_url: "https://x" });
});

test("TK-06 tokens of 64 KB work", async () => {
  const long = "x".repeat(65_536);
  const { oauth } = client({ ...TOKENS, access_token: long, refresh_token: long });
  const { accessToken, refreshToken } = await oauth.refresh(new Secret(long));
  assert.deepEqual(
    [reveal(accessToken).length, refreshToken && reveal(refreshToken).length],
    [65_536, 65_536],
  );
});

test("TK-08 the refresh form is what RFC 6749 §6 says", async () => {
  const { oauth, sent, clock } = client(TOKENS);
  const tokens = await oauth.refresh(new Secret("r0"));
  assert.deepEqual(fields(sent[0]), {
    grant_type: "refresh_token",
    refresh_token: "r0",
    client_id: "client",
  });
  assert.equal(tokens.expiresAt, clock.now() + 1_500);
  assert.equal(reveal(tokens.accessToken), "the-at");
});

test("TK-09 a refresh never asks for a scope, so it cannot ask for a wider one", async () => {
  const refresh = (await everyRequest()).find(({ form }) => form.get("grant_type") === "refresh_token");
  assert.equal(refresh?.form.has("scope"), false);
});

test("TK-11 an omitted refresh token is reported as omitted", async () => {
  const { oauth } = client({ ...TOKENS, refresh_token: undefined });
  assert.equal((await oauth.refresh(new Secret("r0"))).refreshToken, undefined);
});

test("BT-02 no token, code or verifier is ever part of a URL", async () => {
  for (const { url } of await everyRequest()) assert.equal(new URL(url).search, "");
});

test("BP-01 every sign-in uses PKCE", async () => {
  const [device, token] = await everyRequest();
  const verifier = token?.form.get("code_verifier") ?? "";
  assert.equal(device?.form.get("code_challenge"), createHash("sha256").update(verifier).digest("base64url"));
  assert.ok((device?.form.get("state") ?? "").length >= 43);
});

test("PK-01 the verifier has 43 to 128 unreserved characters", async () => {
  const [, token] = await everyRequest();
  assert.match(token?.form.get("code_verifier") ?? "", /^[A-Za-z0-9._~-]{43,128}$/);
});

test("PK-02 every sign-in has a verifier and a state of its own", async () => {
  const { oauth, sent } = client(...Array.from({ length: 50 }, () => DEVICE));
  for (let i = 0; i < 50; i++) await oauth.authorizeDevice();
  const of = (name: string) => new Set(sent.map(({ form }) => form.get(name)));
  assert.deepEqual([of("state").size, of("code_challenge").size], [50, 50]);
});

test("PK-03 the challenge is S256 in base64url without padding", async () => {
  const [device] = await everyRequest();
  assert.match(device?.form.get("code_challenge") ?? "", /^[A-Za-z0-9_-]{43}$/);
  assert.equal(device?.form.get("code_challenge_method"), "S256");
});

test("PK-04 the verifier goes to the token endpoint, with the code, and nowhere else", async () => {
  const carriers = (await everyRequest()).filter(({ form }) => form.has("code_verifier"));
  assert.equal(carriers.length, 2);
  for (const { url, form } of carriers)
    assert.deepEqual([url, form.has("device_code")], [server.tokenEndpoint, true]);
});

test("PK-05 the verifier holds 256 bits that no other verifier shares", async () => {
  const seen = new Set<string>();
  const bits = Array.from({ length: 256 }, () => 0);
  for (let run = 0; run < 200; run++) {
    const [, token] = await everyRequest();
    const bytes = Buffer.from(token?.form.get("code_verifier") ?? "", "base64url");
    assert.equal(bytes.length, 32);
    seen.add(bytes.toString("hex"));
    for (let bit = 0; bit < 256; bit++)
      bits[bit] = (bits[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
  }
  assert.equal(seen.size, 200);
  // Each bit of 200 is set 100 ± 7 times; a stuck one would be 0 or 200 (14 standard deviations).
  assert.ok(bits.every((count) => count > 40 && count < 160));
});

test("RV-01 revocation is a POST of token, hint and client_id", async () => {
  const revocation = (await everyRequest()).at(-1);
  assert.deepEqual([revocation?.method, revocation?.url], ["POST", server.revocationEndpoint]);
  assert.deepEqual(fields(revocation), {
    token: "r0",
    token_type_hint: "refresh_token",
    client_id: "client",
  });
});

test("RV-02 200 is success, whatever the server knew of the token", async () => {
  const { oauth } = client([200, {}]);
  await oauth.revoke(new Secret("unknown"));
});

test("RV-03 503 is no success, and carries when to try again", async () => {
  const { oauth } = client([503, {}, { "retry-after": "2" }]);
  await assert.rejects(oauth.revoke(new Secret("r")), (error: AuthError) => {
    authError("portal_unavailable")(error);
    return error.text.retryAfterSeconds === 2;
  });
});
