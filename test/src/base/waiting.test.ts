import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { type DeadlineOptions, deadlineIn } from "../../../src/base/waiting.ts";

/** A deadline of a second, and a machine on which time passes as it is told. */
function secondsOf(t: TestContext, options: DeadlineOptions = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  const passWithinTurn = (ms: number) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  return {
    ...deadlineIn(1_000, { monotonic: () => now, ...options }),
    passWithinTurn,
    async pass(ms: number) {
      passWithinTurn(ms);
      await turnOfTheLoop();
    },
    /** As a process that was stopped with Ctrl-Z: time passes, and no timer runs. */
    standStill(ms: number) {
      now += ms;
    },
  };
}

test("a deadline that is over aborts", async (t) => {
  const { signal, pass } = secondsOf(t);
  await pass(999);
  assert.equal(signal.aborted, false);
  await pass(1);
  assert.equal((signal.reason as Error).name, "TimeoutError");
});

test("it aborts with the reason it was given", async (t) => {
  const { signal, pass } = secondsOf(t, { reason: () => "no answer" });
  await pass(1_000);
  assert.equal(signal.reason, "no answer");
});

test("what has arrived by then is read first, and may clear it", async (t) => {
  const { signal, clear, passWithinTurn } = secondsOf(t);
  passWithinTurn(1_000);
  assert.equal(signal.aborted, false);
  clear();
  await turnOfTheLoop();
  assert.equal(signal.aborted, false);
});

test("one that is cleared does not abort", async (t) => {
  const { signal, clear, pass } = secondsOf(t);
  clear();
  await pass(60_000);
  assert.equal(signal.aborted, false);
});

test("after the process stood still over it, what arrived meanwhile can still be read, for two seconds", async (t) => {
  const { signal, standStill, pass } = secondsOf(t);
  standStill(60_000);
  await pass(1_000);
  assert.equal(signal.aborted, false);
  await pass(1_999);
  assert.equal(signal.aborted, false);
  await pass(1);
  assert.equal(signal.aborted, true);
});

test("cleared then, it does not abort either", async (t) => {
  const { signal, standStill, clear, pass } = secondsOf(t);
  standStill(60_000);
  await pass(1_000);
  clear();
  await pass(60_000);
  assert.equal(signal.aborted, false);
});
