import assert from "node:assert/strict";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { ResponseBodyError } from "openid-client";
import { AuthError } from "../../src/base/error.ts";
import { pollForTokens } from "../../src/oauth/poll.ts";
import { authError } from "../support/auth-error.ts";
import { portalScene } from "../support/portal-scene.ts";
import { virtualClock } from "../support/virtual-clock.ts";

test("DF-08 a whole sign-in shows and leaves behind no verifier and no token", async (t) => {
  const here = await portalScene(t);
  const { credential } = await here.signIn();
  here.advance(3_600_001);
  const token = await here.auth.token("default");
  const { issuedTokens, verifiers } = here.portal.record;
  const secrets = [...issuedTokens.map(({ value }) => value), ...verifiers];
  assert.ok(secrets.length >= 5);
  const printed = [here.shown, here.waits, credential, token, await here.auth.status("default")]
    .map((value) => inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value))
    .join("\n");
  for (const secret of secrets) assert.ok(!printed.includes(secret));
});

test("DF-11 whatever the server answers, it is never asked again before the interval is over", async () => {
  const pending = { error: "authorization_pending" };
  const answer = fc.constantFrom(pending, { error: "slow_down" }, "portal_unreachable", "portal_unavailable");
  const property = fc.asyncProperty(
    fc.array(answer, { maxLength: 30 }),
    fc.integer({ min: 1, max: 20_000 }),
    async (answers, intervalMs) => {
      const clock = virtualClock();
      let slowDowns = 0;
      let last = clock.now();
      const request = async () => {
        assert.ok(clock.now() - last >= intervalMs + 5_000 * slowDowns);
        last = clock.now();
        const next = answers.shift() ?? { error: "access_denied" };
        if (typeof next === "string") throw new AuthError(next as "portal_unreachable", { what: "x" });
        if (next.error === "slow_down") slowDowns++;
        throw new ResponseBodyError("x", { cause: next, response: new Response() });
      };
      const wait = pollForTokens(request, { intervalMs, expiresAt: clock.now() + 3_600_000 }, { clock });
      await assert.rejects(wait, (error: AuthError) =>
        ["access_denied", "code_expired"].includes(error.code),
      );
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

test("DF-17 an expired code is not replaced by itself: the person starts again", async (t) => {
  const here = await portalScene(t, { userCodeLifeMs: 60_000 });
  await assert.rejects(here.signIn("nothing"), authError("code_expired"));
  assert.deepEqual([here.portal.record.deviceCalls.length, here.shown.length], [1, 1]);
});

test("TK-02 a narrower scope is told to the person at the end of the sign-in", async (t) => {
  const body = {
    status: "success",
    access_token: "a",
    refresh_token: "r",
    expired_in: 3600,
    scope: "profile",
    notification_message: "Hello\u001b[31m\r\nthere",
  };
  const here = await portalScene(t, { faults: [{ path: "/oauth2/token", kind: "body", body }] });
  const { notice } = await here.signIn();
  assert.equal(
    notice,
    "Hello [31m there MiniMax granted less than was asked for: not group_id, model.completion.",
  );
});

test("TK-12 at rest a token is in the store and nowhere in clear; files and folder are the user's alone", async (t) => {
  const here = await portalScene(t, {}, "encrypted-file");
  await here.signIn();
  here.advance(3_600_001);
  await here.auth.token("default");
  const files = globSync("**/*", { cwd: here.directory }).map((name) => join(here.directory, name));
  const secrets = here.portal.record.issuedTokens.map(({ value }) => value);
  assert.ok(files.length >= 3 && secrets.length === 4);
  for (const file of files.filter((path) => statSync(path).isFile())) {
    const bytes = readFileSync(file);
    for (const secret of secrets) {
      for (const encoding of ["utf8", "base64", "hex", "utf16le"] as const) {
        const needle =
          encoding === "utf16le" ? Buffer.from(secret, encoding) : Buffer.from(secret).toString(encoding);
        assert.ok(!bytes.includes(needle), `${file} holds a token (${encoding})`);
      }
    }
  }
  const inEnvironment = Object.values(process.env).some((value) =>
    secrets.some((secret) => value?.includes(secret)),
  );
  assert.equal(inEnvironment, false);
});

test("NA-01 the engine never opens the sign-in page itself", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  assert.ok(here.portal.record.requests.length >= 2);
  assert.ok(here.portal.record.requests.every(({ path }) => path !== "/oauth-authorize"));
});

test("BP-01 both regions are asked with PKCE, and a token request without the verifier gets nothing", async (t) => {
  const here = await portalScene(t);
  await here.signIn();
  assert.equal(here.portal.record.verifiers.length, 1);
});
