import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { interruptible } from "../../../extensions/minimax-keychain/sign-in/interrupt.ts";
import { authError } from "../../support/auth-error.ts";

function scene(outer?: AbortSignal) {
  const process_ = Object.assign(new EventEmitter(), { exitCode: 0 });
  const printed: string[] = [];
  const interrupt = interruptible(
    outer,
    process_ as unknown as NodeJS.Process,
    (text) => void printed.push(text),
  );
  return { process_, printed, interrupt };
}

test("Ctrl-C aborts the sign-in as cancelled", () => {
  const { process_, interrupt } = scene();
  process_.emit("SIGINT");
  assert.ok(authError("cancelled")(interrupt.signal.reason));
});

test("the host's own signal aborts it too", () => {
  const outer = new AbortController();
  const { interrupt } = scene(outer.signal);
  outer.abort();
  assert.ok(interrupt.signal.aborted);
});

test("a host that ends the process in the middle: the person is told, and a script sees it failed", () => {
  const { process_, printed } = scene();
  process_.emit("exit");
  assert.equal(process_.exitCode, 130);
  assert.match(printed.join(""), /cancelled\. Nothing was changed\..*openclaw onboard/);
});

test("after the sign-in Ctrl-C is the host's business again", () => {
  const { process_, printed, interrupt } = scene();
  interrupt.release();
  process_.emit("SIGINT");
  process_.emit("exit");
  assert.deepEqual([interrupt.signal.aborted, printed, process_.exitCode], [false, [], 0]);
});
