import assert from "node:assert/strict";
import { test } from "node:test";
import { DEADLINES, inOrder } from "../../../src/base/deadlines.ts";

test("a refresh that does not fit in its lockTime, or a waiter that gives up first, is refused", () => {
  assert.throws(() => inOrder({ ...DEADLINES, call: 30_000 }), RangeError);
  assert.throws(() => inOrder({ ...DEADLINES, keychain: 9_000 }), RangeError);
  assert.throws(() => inOrder({ ...DEADLINES, wait: DEADLINES.lockTime }), RangeError);
});

test("call < lockTime < wait", () => {
  assert.ok(DEADLINES.call < DEADLINES.lockTime && DEADLINES.lockTime < DEADLINES.wait);
});
