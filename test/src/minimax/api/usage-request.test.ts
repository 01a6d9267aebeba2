import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { Fault } from "../../../../fixtures/portal/faults.ts";
import type { PortalOptions } from "../../../../fixtures/portal/index.ts";
import { SIGN_IN_COMMAND, USAGE_COMMAND } from "../../../../src/index.ts";
import { USAGE_PATHS } from "../../../../src/minimax/api/usage.ts";
import { authError } from "../../../support/auth-error.ts";
import { portalScene } from "../../../support/portal-scene.ts";

const [CURRENT, OLDER] = USAGE_PATHS;

async function signedIn(t: TestContext, settings: PortalOptions["settings"] = {}) {
  const scene = await portalScene(t, settings);
  await scene.signIn();
  const asked = () =>
    scene.portal.record.requests.map(({ path }) => path).filter((path) => path.endsWith("/remains"));
  return { ...scene, asked, usage: () => scene.auth.usage("default") };
}

/** The answer to the current path only. */
const current = (fault: object) => ({ path: CURRENT, ...fault }) as Fault;
const both = (fault: object) => USAGE_PATHS.map((path) => ({ path, ...fault }) as Fault);

describe("asking MiniMax what is left of the plan", () => {
  test("nobody is signed in: said at once, and nothing is asked", async (t) => {
    const { auth, portal } = await portalScene(t);
    await assert.rejects(auth.usage("default"), authError("sign_in_required"));
    assert.equal(portal.record.requests.length, 0);
  });

  for (const [number, code, next] of [
    [1028, "quota_exhausted", USAGE_COMMAND],
    [1030, "quota_exhausted", USAGE_COMMAND],
    [2049, "region_mismatch", SIGN_IN_COMMAND],
    [2061, "model_not_in_plan", "openclaw models list"],
    [2062, "plan_missing", SIGN_IN_COMMAND],
    [4711, "portal_refused", USAGE_COMMAND],
  ] as const) {
    test(`number ${number} in HTTP 200 is ${code}, with the command to run`, async (t) => {
      const { usage, refreshCalls } = await signedIn(t, {
        usageBody: { base_resp: { status_code: number, status_msg: "no" } },
      });
      await assert.rejects(usage(), (error: Error) => {
        authError(code)(error);
        assert.ok(error.message.includes(next), error.message);
        return true;
      });
      assert.equal(refreshCalls(), 0);
    });
  }

  for (const [name, fault, code] of [
    ["HTTP 402", { kind: "status", status: 402 }, "quota_exhausted"],
    ["HTTP 429", { kind: "status", status: 429 }, "quota_exhausted"],
    ["HTTP 403", { kind: "status", status: 403 }, "portal_refused"],
    ["HTTP 503", { kind: "status", status: 503 }, "portal_unavailable"],
    ["a web page in HTTP 502", { kind: "html-502" }, "portal_unavailable"],
    ["a dead connection", { kind: "reset" }, "portal_unreachable"],
    ["a redirect", { kind: "redirect", location: "https://example.org/" }, "portal_redirected"],
    ["an endless answer", { kind: "huge-body" }, "answer_too_large"],
  ] as const) {
    test(`${name} is ${code}, and does not speak of signing in`, async (t) => {
      const { usage } = await signedIn(t, { faults: [current(fault)] });
      await assert.rejects(usage(), (error: Error) => {
        authError(code)(error);
        assert.ok(!error.message.includes(SIGN_IN_COMMAND), error.message);
        return true;
      });
    });
  }

  for (const [name, fault] of [
    ["nothing", { kind: "empty" }],
    ["a web page", { kind: "body", body: "<html>Welcome</html>" }],
    ["half an answer", { kind: "truncated-json" }],
    ["HTTP 404", { kind: "status", status: 404 }],
  ] as const) {
    test(`${name} at both paths is answer_invalid`, async (t) => {
      const { usage, asked } = await signedIn(t, { faults: both(fault) });
      await assert.rejects(usage(), authError("answer_invalid"));
      assert.deepEqual(asked(), [CURRENT, OLDER]);
    });

    test(`${name} at the current path leads to the older one`, async (t) => {
      const { usage, asked } = await signedIn(t, { faults: [current(fault)], usageShape: "named" });
      assert.equal((await usage()).rows[0]?.name, "MiniMax-M3");
      assert.deepEqual(asked(), [CURRENT, OLDER]);
    });
  }

  test("a token that MiniMax refuses twice costs one refresh, and is told with its endpoint", async (t) => {
    const { usage, refreshCalls } = await signedIn(t, { usageBody: { base_resp: { status_code: 1004 } } });
    await assert.rejects(usage(), (error: Error) => {
      authError("token_rejected")(error);
      assert.match(error.message, /endpoint Global/);
      return true;
    });
    assert.equal(refreshCalls(), 1);
  });

  test("a token that MiniMax ended early is replaced once, and the answer comes", async (t) => {
    const { usage, portal, refreshCalls } = await signedIn(t);
    portal.regions.global.expireAccessTokens();
    assert.equal((await usage()).rows.length, 2);
    assert.equal(refreshCalls(), 1);
  });

  test("the caller may give up before that, while the keychain is read", async (t) => {
    const { another, asked } = await signedIn(t);
    const wait = { signal: AbortSignal.abort(new DOMException("The time is over.", "TimeoutError")) };
    await assert.rejects(another().usage("default", wait), authError("portal_timed_out"));
    assert.deepEqual(asked(), []);
  });

  test("the caller may give up the wait", async (t) => {
    const { auth } = await signedIn(t, { faults: [current({ kind: "hang" })] });
    const wait = { signal: AbortSignal.timeout(30) };
    await assert.rejects(auth.usage("default", wait), authError("portal_timed_out"));
  });

  for (const wrapped of [false, true]) {
    test(`the newer rows are understood${wrapped ? ", wrapped in data" : ""}; one request is enough`, async (t) => {
      const { usage, asked } = await signedIn(t, { usageWrapped: wrapped });
      const { rows } = await usage();
      assert.deepEqual(
        rows.map(({ name, interval, weekly }) => [name, interval.remainingPercent, weekly?.unlimited]),
        [
          ["general", 72, false],
          ["video", 100, true],
        ],
      );
      assert.deepEqual(asked(), [CURRENT]);
    });
  }
});
