import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { deadlineIn } from "../../../src/safety/deadline.ts";

/** A deadline of a second, and a machine on which time passes as it is told. */
function secondsOf(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  return {
    ...deadlineIn(1_000, () => now),
    pass(ms: number) {
      now += ms;
      t.mock.timers.tick(ms);
    },
    /** As a process that was stopped with Ctrl-Z: time passes, and no timer runs. */
    standStill(ms: number) {
      now += ms;
    },
  };
}

test("a deadline that is over aborts", (t) => {
  const { signal, pass } = secondsOf(t);
  pass(999);
  assert.equal(signal.aborted, false);
  pass(1);
  assert.equal((signal.reason as Error).name, "TimeoutError");
});

test("one that is cleared does not", (t) => {
  const { signal, clear, pass } = secondsOf(t);
  clear();
  pass(60_000);
  assert.equal(signal.aborted, false);
});

test("after the process stood still over it, what arrived meanwhile can still be read, for two seconds", (t) => {
  const { signal, standStill, pass } = secondsOf(t);
  standStill(60_000);
  pass(1_000);
  assert.equal(signal.aborted, false);
  pass(1_999);
  assert.equal(signal.aborted, false);
  pass(1);
  assert.equal(signal.aborted, true);
});

test("cleared then, it does not abort either", (t) => {
  const { signal, standStill, clear, pass } = secondsOf(t);
  standStill(60_000);
  pass(1_000);
  clear();
  pass(60_000);
  assert.equal(signal.aborted, false);
});
