import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { systemClock } from "../../src/base/clock.ts";
import { reveal } from "../../src/base/secret.ts";
import { createHttp } from "../../src/http/http.ts";
import { createOAuthClient } from "../../src/oauth/client.ts";
import { NEEDS_CHROMIUM } from "../browser/chromium.ts";
import { authError } from "../support/auth-error.ts";
import { type Person, startPerson } from "./person.ts";
import { standardServer } from "./server.ts";

describe("a standard server, oidc-provider, with its own pages", NEEDS_CHROMIUM, () => {
  let person: Person;
  before(async () => {
    person = await startPerson();
  });
  after(() => person.leave());

  /** The OAuth client without MiniMax's dialect. */
  async function client(t: TestContext) {
    const server = await standardServer(t);
    // Fast polling; the server names no interval and has no slow_down.
    const clock = {
      ...systemClock,
      sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 10, signal),
    };
    const oauth = createOAuthClient({ server, clock, http: createHttp({ env: {} }) });
    const userinfo = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${server.issuer}/me`, { headers })).status;
    };
    const signIn = async () => {
      const authorization = await oauth.authorizeDevice();
      const waiting = oauth.waitForTokens(authorization);
      await person.decide(authorization.verificationUri, authorization.userCode, "approve");
      const { accessToken, refreshToken } = await waiting;
      assert.ok(refreshToken);
      return { accessToken, refreshToken };
    };
    return { oauth, userinfo, signIn };
  }

  test("the person gives up on the page: the sign-in ends as denied", async (t) => {
    const { oauth } = await client(t);
    const authorization = await oauth.authorizeDevice();
    const waiting = assert.rejects(oauth.waitForTokens(authorization), authError("access_denied"));
    await person.decide(authorization.verificationUri, authorization.userCode, "abort");
    await waiting;
  });

  test("sign-in, fifty refreshes with rotation, and a stolen old token that ends them all", async (t) => {
    const { oauth, userinfo, signIn } = await client(t);
    const first = await signIn();
    assert.equal(await userinfo(reveal(first.accessToken)), 200);
    let current = first;
    const seen = new Set([reveal(first.refreshToken)]);
    for (let i = 0; i < 50; i++) {
      const { accessToken, refreshToken, missingScope } = await oauth.refresh(current.refreshToken);
      assert.ok(refreshToken);
      assert.deepEqual(missingScope, []);
      seen.add(reveal(refreshToken));
      current = { accessToken, refreshToken };
    }
    assert.equal(seen.size, 51);
    assert.equal(await userinfo(reveal(current.accessToken)), 200);
    await assert.rejects(oauth.refresh(first.refreshToken), authError("grant_rejected"));
    await assert.rejects(oauth.refresh(current.refreshToken), authError("grant_rejected"));
    assert.equal(await userinfo(reveal(current.accessToken)), 401);
  });

  test("a revoked sign-in is over, and revoking it again is no error", async (t) => {
    const { oauth, userinfo, signIn } = await client(t);
    const { accessToken, refreshToken } = await signIn();
    await oauth.revoke(refreshToken);
    await oauth.revoke(refreshToken);
    await assert.rejects(oauth.refresh(refreshToken), authError("grant_rejected"));
    assert.equal(await userinfo(reveal(accessToken)), 401);
  });
});
