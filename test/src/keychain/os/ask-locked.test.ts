import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { askLockedBeforeDeadline } from "../../../../src/keychain/os/prompts.ts";

/** A call of ten seconds, and a keyring that answers when told. */
function scene(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked: AbortSignal[] = [];
  const { promise, resolve: answerWith } = Promise.withResolvers<boolean | undefined>();
  const question = askLockedBeforeDeadline(10_000, (giveUp) => {
    asked.push(giveUp);
    return promise;
  });
  return { ...question, asked, answerWith, pass: (ms: number) => t.mock.timers.tick(ms) };
}

describe("whether the keyring is locked, at the end of a call's time", () => {
  test("is asked in the last tenth, so that the answer is there in time", async (t) => {
    const { asked, answerWith, answer, pass } = scene(t);
    pass(8_999);
    assert.equal(asked.length, 0);
    pass(1);
    assert.equal(asked.length, 1);
    answerWith(true);
    assert.equal(await answer(), true);
    assert.equal(asked.length, 1, "asked once");
  });

  test("is asked at once, where the time is over before that", async (t) => {
    const { asked, answerWith, answer } = scene(t);
    answerWith(undefined);
    assert.equal(await answer(), undefined);
    assert.equal(asked.length, 1);
  });

  test("is not asked any more once the call has ended", (t) => {
    const { asked, clear, pass } = scene(t);
    clear();
    pass(60_000);
    assert.equal(asked.length, 0);
  });

  test("is given up when the call ends meanwhile", (t) => {
    const { asked, clear, pass } = scene(t);
    pass(9_000);
    clear();
    assert.equal(asked[0]?.aborted, true);
  });
});
