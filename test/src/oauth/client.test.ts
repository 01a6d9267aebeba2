import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { createOAuthClient, type OAuthClient } from "../../../src/oauth/client.ts";
import type { Http } from "../../../src/oauth/http.ts";
import { reveal, Secret } from "../../../src/safety/secret.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const server = {
  issuer: "https://as.example",
  deviceAuthorizationEndpoint: "https://as.example/device",
  tokenEndpoint: "https://as.example/token",
  clientId: "client",
  scope: "a b",
};
const DEVICE = {
  device_code: "d",
  user_code: "U-1",
  verification_uri: "https://as.example/go",
  expires_in: 600,
};
const TOKENS = { access_token: "at", refresh_token: "rt", token_type: "Bearer", expires_in: 1.5 };

type Sent = { url: string; form: URLSearchParams };

/** A client of a standard server that gives these answers, in order. */
function client(...answers: (object | [number, object])[]) {
  const clock = virtualClock();
  const sent: Sent[] = [];
  const http: Http = async (url, init) => {
    sent.push({ url, form: new URLSearchParams(init.body as URLSearchParams) });
    const next = answers.shift() ?? {};
    const [status, body] = Array.isArray(next) ? next : [200, next];
    return Response.json(body, { status });
  };
  return { oauth: createOAuthClient({ server, http, clock }) as OAuthClient, clock, sent };
}

test("a token answer without access_token, or of an unknown type, is refused without quoting it", async () => {
  for (const bad of [
    { ...TOKENS, access_token: undefined },
    { ...TOKENS, token_type: "mac" },
  ]) {
    const { oauth } = client(bad);
    await assert.rejects(oauth.refresh(new Secret("old-rt")), (error: Error) => {
      authError("answer_invalid")(error);
      assert.equal(error.cause, undefined);
      assert.doesNotMatch(error.message, /\b(at|rt|old-rt)\b/);
      return true;
    });
  }
});

test("a refused refresh token is a rejected grant; a busy server is not", async () => {
  const { oauth } = client([400, { error: "invalid_grant" }], [400, { error: "temporarily_unavailable" }]);
  await assert.rejects(oauth.refresh(new Secret("r")), authError("grant_rejected"));
  await assert.rejects(oauth.refresh(new Secret("r")), authError("portal_unavailable"));
});

test("the device request carries PKCE S256 and state, the token request the verifier", async () => {
  const { oauth, sent } = client(DEVICE, TOKENS);
  const authorization = await oauth.authorizeDevice();
  await oauth.waitForTokens(authorization);
  const [device, token] = sent;
  const verifier = token?.form.get("code_verifier") ?? "";
  assert.match(verifier, /^[A-Za-z0-9._~-]{43,128}$/);
  assert.equal(device?.form.get("code_challenge"), createHash("sha256").update(verifier).digest("base64url"));
  assert.equal(device?.form.get("code_challenge_method"), "S256");
  assert.ok((device?.form.get("state") ?? "").length >= 43);
  assert.equal(device?.form.has("code_verifier"), false);
  assert.equal(device?.form.get("client_id"), "client");
  assert.equal(token?.form.get("device_code"), "d");
});

test("every sign-in has a verifier and state of its own", async () => {
  const { oauth, sent } = client(DEVICE, DEVICE);
  await oauth.authorizeDevice();
  await oauth.authorizeDevice();
  const of = (name: string) => new Set(sent.map(({ form }) => form.get(name)));
  assert.equal(of("state").size, 2);
  assert.equal(of("code_challenge").size, 2);
});

test("a refresh sends the refresh token and never a scope", async () => {
  const { oauth, sent, clock } = client(TOKENS);
  const tokens = await oauth.refresh(new Secret("r0"));
  assert.deepEqual(Object.fromEntries(sent[0]?.form ?? []), {
    grant_type: "refresh_token",
    refresh_token: "r0",
    client_id: "client",
  });
  assert.equal(tokens.expiresAt, clock.now() + 1_500);
  assert.equal(reveal(tokens.accessToken), "at");
});

test("an omitted refresh token is reported as omitted", async () => {
  const { oauth } = client({ ...TOKENS, refresh_token: undefined });
  assert.equal((await oauth.refresh(new Secret("r0"))).refreshToken, undefined);
});

test("a token of 64 KB works", async () => {
  const { oauth } = client({ ...TOKENS, access_token: "x".repeat(65_536) });
  assert.equal(reveal((await oauth.refresh(new Secret("r"))).accessToken).length, 65_536);
});

test("further text fields of the answer are kept, tokens not among them", async () => {
  const { oauth } = client({ ...TOKENS, resource_url: "https://x", id_token: undefined, n: 1 });
  assert.deepEqual((await oauth.refresh(new Secret("r"))).extra, { resource_url: "https://x" });
});
