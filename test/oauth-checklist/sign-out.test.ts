import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fault } from "../../fixtures/portal/index.ts";
import { authError } from "../support/auth-error.ts";
import { portalScene } from "../support/portal-scene.ts";

const PATH = "/oauth2/revoke";

test("RV-01 signing out also ends the sign-in at MiniMax, where it can be ended", async (t) => {
  const here = await portalScene(t, { revocationEndpoint: true });
  const { credential } = await here.signIn();
  assert.equal(await here.auth.signOut("default"), true);
  const revocations = here.portal.record.requests.filter(({ path }) => path === PATH);
  assert.deepEqual([revocations.length, revocations[0]?.method], [1, "POST"]);
  const { issuedTokens } = here.portal.record;
  const access = issuedTokens.find(({ kind }) => kind === "access")?.value ?? "";
  const used = await fetch(`${credential.baseUrl}/v1/models`, {
    headers: { authorization: `Bearer ${access}` },
  });
  assert.equal(used.status, 401);
});

test("RV-03 after a 503 the revocation is tried once more, when the server said", async (t) => {
  const busy: Fault = { path: PATH, kind: "status", status: 503, headers: { "retry-after": "2" }, times: 1 };
  const here = await portalScene(t, { revocationEndpoint: true, faults: [busy] });
  await here.signIn();
  const before = here.portal.now();
  await here.auth.signOut("default");
  const tries = here.portal.record.requests.filter(({ path }) => path === PATH);
  assert.deepEqual(
    tries.map(({ status }) => status),
    [503, 200],
  );
  assert.ok(here.portal.now() - before >= 2_000);
});

const failures: [string, Fault[]][] = [
  ["there is no endpoint", []],
  [
    "it is busy for an hour",
    [{ path: PATH, kind: "status", status: 503, headers: { "retry-after": "3600" } }],
  ],
  ["it refuses", [{ path: PATH, kind: "status", status: 400, body: { error: "unsupported_token_type" } }]],
  ["it hangs up", [{ path: PATH, kind: "reset" }]],
  ["it redirects", [{ path: PATH, kind: "redirect", location: "https://evil.example" }]],
  ["it answers with a web page", [{ path: PATH, kind: "html-502" }]],
];
for (const [name, faults] of failures) {
  test(`RV-04 the tokens are deleted here although ${name}`, async (t) => {
    const here = await portalScene(t, { faults });
    await here.signIn();
    assert.equal(await here.auth.signOut("default"), true);
    assert.equal(await here.auth.status("default"), undefined);
    await assert.rejects(here.another().token("default"), authError("sign_in_required"));
    assert.equal(here.portal.record.requests.filter(({ path }) => path === PATH).length, 1);
  });
}
