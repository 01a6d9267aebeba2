import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { createAccountLock } from "../../../src/state/lock.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "lock-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const HOLDER = new URL("./lock-holder.ts", import.meta.url);

/** Another process that holds the lock until it is killed. */
async function holder(t: TestContext, path: string) {
  const child = fork(HOLDER, [path]);
  t.after(() => child.kill("SIGKILL"));
  await once(child, "message");
  return child;
}

test("a waiter gives up after its budget, in words, and nothing is lost", async (t) => {
  const path = directory(t);
  await holder(t, path);
  const clock = virtualClock();
  const started = clock.monotonic();
  const waiting = createAccountLock(path, { clock })("default", async () => assert.fail("got the lock"));
  await assert.rejects(waiting, authError("state_unavailable"));
  assert.ok(clock.monotonic() - started >= 60_000);
});

test("the lock of a killed process is free at once", async (t) => {
  const path = directory(t);
  const child = await holder(t, path);
  child.kill("SIGKILL");
  await once(child, "exit");
  const clock = virtualClock();
  assert.equal(await createAccountLock(path, { clock })("default", async () => "mine"), "mine");
  assert.deepEqual(clock.sleeps, []);
});

test("two accounts do not wait for each other", async (t) => {
  const path = directory(t);
  await holder(t, path);
  assert.equal(await createAccountLock(path, { clock: virtualClock() })("work", async () => "mine"), "mine");
});

test("in one process too, work for an account runs one at a time, and a failure frees the lock", async (t) => {
  const lock = createAccountLock(directory(t), { clock: systemClock });
  let inside = 0;
  const work = async (index: number) => {
    assert.equal(++inside, 1);
    await new Promise(setImmediate);
    inside--;
    if (index === 1) throw new Error("planned");
    return index;
  };
  const results = await Promise.allSettled([0, 1, 2, 3].map((index) => lock("default", () => work(index))));
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "fulfilled"],
  );
});

test("a wait is not cut short, or made endless, by a clock that is set", async (t) => {
  const path = directory(t);
  await holder(t, path);
  for (const day of [86_400_000, -86_400_000]) {
    const clock = virtualClock();
    const sleep = clock.sleep;
    clock.sleep = async (ms) => {
      if (clock.sleeps.length === 3) clock.setBy(day);
      await sleep(ms);
    };
    const waiting = createAccountLock(path, { clock })("default", async () => assert.fail("got the lock"));
    await assert.rejects(waiting, authError("state_unavailable"));
    assert.ok(clock.monotonic() >= 60_000 && clock.monotonic() < 61_000);
  }
});

test("the signal of work that takes too long aborts, and the lock is kept until it has ended", async (t) => {
  const path = directory(t);
  const lock = createAccountLock(path, { clock: systemClock, deadlines: { lockTime: 5, wait: 60_000 } });
  const order: string[] = [];
  const slow = lock("default", async (held) => {
    await new Promise((resolve) => held.addEventListener("abort", resolve));
    order.push("aborted");
    await new Promise(setImmediate);
    order.push("ended");
  });
  await lock("default", async () => void order.push("next"));
  await slow;
  assert.deepEqual(order, ["aborted", "ended", "next"]);
});

test("a lock file that cannot be used is an error with a code and a command, whoever refused it", async (t) => {
  const path = directory(t);
  mkdirSync(join(path, "default.lock"));
  const taking = createAccountLock(path, { clock: virtualClock() })("default", async () => assert.fail());
  await assert.rejects(taking, (error: Error) => {
    return authError("state_unavailable")(error) && error.message.includes(`ls -la "${path}/default.lock"`);
  });
});

test("the lock's file is the user's alone", {
  skip: process.platform === "win32" && "POSIX only",
}, async (t) => {
  const path = directory(t);
  await createAccountLock(path, { clock: virtualClock() })("default", async () => {});
  assert.equal(statSync(join(path, "default.lock")).mode & 0o777, 0o600);
});
