import assert from "node:assert/strict";
import { test } from "node:test";
import { type SignInSteps, signIn } from "../../../src/accounts/sign-in.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { memoryState, memoryStore, NOW } from "../tokens/credentials.ts";

test("Ctrl-C while another process holds the lock ends the sign-in at once, before anybody is asked", async () => {
  const stop = new AbortController();
  const asked: string[] = [];
  const steps: SignInSteps = {
    account: "default",
    region: "global",
    defaultBaseUrl: "https://api.minimax.io/anthropic",
    clock: virtualClock(NOW),
    state: memoryState(),
    lock: () => {
      queueMicrotask(() => stop.abort());
      return new Promise(() => {});
    },
    chooseStore: async () => ({ name: "keytar", store: memoryStore() }),
    begin: async () => {
      asked.push("a code");
      throw new Error("not to be reached");
    },
    show: async () => void asked.push("the person"),
    onWait: () => {},
    removeFrom: async () => {},
    assertCurrent: () => {},
    signal: stop.signal,
  };
  await assert.rejects(signIn(steps), authError("cancelled"));
  assert.deepEqual(asked, []);
});
