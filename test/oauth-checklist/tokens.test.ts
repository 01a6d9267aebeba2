import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { reveal } from "../../src/index.ts";
import { authError } from "../support/auth-error.ts";
import { type PortalScene, portalScene } from "../support/portal-scene.ts";

const LIFE = 3_600_000;
const EVIL = "https://evil.example";

/** Changes the keychain record behind the plugin's back. */
async function tamper(here: PortalScene, changes: object): Promise<void> {
  const store = here.keychain;
  const record = JSON.parse((await store.get("default")) ?? "{}");
  await store.set("default", JSON.stringify({ ...record, ...changes }));
}

test("TK-10 a new refresh token replaces the old one for good", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  for (let generation = 2; generation <= 6; generation++) {
    here.advance(LIFE + 1);
    assert.equal((await here.another().token("default")).generation, generation);
  }
  assert.equal(here.portal.record.tokenCalls.filter(({ reuse }) => reuse).length, 0);
});

test("TK-11 a server that sends no new refresh token is asked with the old one again", async (t) => {
  const here = await portalScene(t, { omitRefreshTokenOnRefresh: true });
  await here.signIn();
  for (const generation of [2, 3]) {
    here.advance(LIFE + 1);
    assert.equal((await here.another().token("default")).generation, generation);
  }
});

test("TK-13 the refresh token goes to the server that issued it, not to one that the config names later", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  const asked: string[] = [];
  const other = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.after(() => other.close());
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  here.advance(LIFE + 1);
  const moved = here.another({ global: { ...here.endpoints.global, authorization: elsewhere } });
  await assert.rejects(moved.token("default"), authError("issuer_changed"));
  assert.equal(await moved.signOut("default"), true);
  assert.deepEqual(asked, []);
});

test("BT-03 one refused token leads to one refresh, however many requests carried it", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  const { accessToken } = await here.auth.token("default");
  for (let i = 0; i < 5; i++) here.auth.rejected("default", reveal(accessToken));
  await Promise.all(Array.from({ length: 5 }, () => here.auth.token("default")));
  here.auth.rejected("default", reveal(accessToken));
  await here.auth.token("default");
  assert.equal(here.refreshCalls(), 1);
});

test("BP-02 the token that is handed out is already in the store", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  here.advance(LIFE + 1);
  const { accessToken, generation } = await here.auth.token("default");
  const stored = JSON.parse((await here.keychain.get("default")) ?? "{}");
  assert.deepEqual([stored.accessToken, generation], [reveal(accessToken), 2]);
});

test("BP-04 a refresh token that somebody else has used ends the sign-in: asked for once, not replayed", async (t) => {
  const here = await portalScene(t);
  const { credential } = await here.signIn();
  const thief = await fetch(`${here.portal.regions.global.url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "78257093-7e40-4613-99e0-527b14b39113",
      refresh_token: reveal(credential.refreshToken),
    }),
  });
  assert.equal(((await thief.json()) as { status: string }).status, "success");
  here.advance(LIFE + 1);
  for (let i = 0; i < 5; i++) await assert.rejects(here.auth.token("default"), authError("sign_in_required"));
  await assert.rejects(here.another().token("default"), authError("sign_in_required"));
  assert.equal(here.refreshCalls(), 2);
});

test("BP-05 no token is handed out for an address that is not MiniMax's, no matter where it came from", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  for (const baseUrl of [
    EVIL,
    "http://api.minimax.io/anthropic",
    "https://api.minimax.io@evil.example/",
    "https://notminimax.io/",
  ]) {
    await tamper(here, { baseUrl });
    await assert.rejects(here.another().token("default"), authError("resource_url_rejected"));
  }
});

test("BP-05 a record changed while it is being refreshed is caught when the token is used", async (t) => {
  const here = await portalScene(t, { resourceUrl: null });
  await here.signIn();
  await here.auth.token("default");
  await tamper(here, { baseUrl: `${EVIL}/anthropic` });
  here.advance(LIFE + 1);
  await assert.rejects(here.auth.token("default"), authError("resource_url_rejected"));
});

test("BP-05 a refresh that names a strange address keeps the one before", async (t) => {
  const here = await portalScene(t);
  const { credential } = await here.signIn();
  here.portal.settings.resourceUrl = EVIL;
  here.advance(LIFE + 1);
  assert.equal((await here.auth.token("default")).baseUrl, credential.baseUrl);
});

test("BP-05 an endpoint of the config that is neither HTTPS nor this machine's gets nothing", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  const plain = here.another({ global: { ...here.endpoints.global, inference: "http://evil.example" } });
  await assert.rejects(plain.token("default"), authError("endpoint_rejected"));
});

test("BP-06 region and issuer are part of the stored sign-in and decide where it is refreshed", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  const stored = JSON.parse((await here.keychain.get("default")) ?? "{}");
  assert.deepEqual([stored.region, stored.issuer], ["global", here.endpoints.global.authorization]);
  await tamper(here, { region: "cn" });
  here.advance(LIFE + 1);
  await assert.rejects(here.another().token("default"), authError("issuer_changed"));
  assert.equal(here.refreshCalls(), 0);
});
