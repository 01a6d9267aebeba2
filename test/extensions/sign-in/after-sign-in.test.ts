import assert from "node:assert/strict";
import { test } from "node:test";
import { firstCheck } from "../../../extensions/minimax-keychain/sign-in/after-sign-in.ts";
import { AuthError, type ErrorCode, type Usage } from "../../../src/index.ts";

const flush = async () => {};
const refusing = (code: ErrorCode) => ({
  flush,
  usage: async () => {
    throw new AuthError(code, { what: "It is so.", kept: "Your sign-in is kept.", next: "Do this." });
  },
});

for (const code of ["plan_missing", "quota_exhausted", "region_mismatch", "token_rejected"] as const) {
  test(`a new sign-in tells of ${code} at once, with what to do`, async () => {
    assert.deepEqual(await firstCheck(refusing(code), "default"), [
      `It is so. Your sign-in is kept. Do this. [${code}]`,
    ]);
  });
}

for (const code of ["portal_unreachable", "portal_timed_out", "answer_invalid"] as const) {
  test(`a new sign-in does not speak of ${code}: it says nothing about the sign-in`, async () => {
    assert.deepEqual(await firstCheck(refusing(code), "default"), []);
  });
}

test("a new sign-in says what is left of the plan", async () => {
  const rows: Usage["rows"] = [
    { name: "general", interval: { remainingPercent: 72.9, unlimited: false } },
    { name: "video", interval: { unlimited: false } },
  ];
  const lines = await firstCheck({ flush, usage: async () => ({ rows, at: 0 }) }, "default");
  assert.deepEqual(lines, ["MiniMax accepts the token. Left of the plan: general 72 %."]);
});

test("a new sign-in says that the token is taken, where the plan has no figures", async () => {
  const lines = await firstCheck({ flush, usage: async () => ({ rows: [], at: 0 }) }, "default");
  assert.deepEqual(lines, ["MiniMax accepts the token."]);
});

test("a refresh that the check began is over before the sign-in's command ends", async () => {
  let flushed = 0;
  const slow = {
    usage: async () => {
      throw new DOMException("The time is over.", "TimeoutError");
    },
    flush: async () => {
      flushed++;
      throw new AuthError("keychain_refused", { what: "It did not take them." });
    },
  };
  assert.deepEqual(await firstCheck(slow, "default"), []);
  assert.equal(flushed, 1);
});
