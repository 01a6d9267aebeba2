import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { isDead, withLock } from "../../.tools/launch/lock.mjs";

describe("two starts of the launcher at once", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "launch-lock-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const lock = () => join(folder, "lock");

  test("do not leave a lock behind when the work fails", async () => {
    const failing = withLock(folder, () => Promise.reject(new Error("no network")));
    await assert.rejects(failing, /no network/);
    assert.equal(existsSync(lock()), false);
  });

  test("prepare one after the other, and the second says that it waits", async () => {
    const order: string[] = [];
    const lines: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
    };
    const say = (line: string) => lines.push(line);
    await Promise.all([withLock(folder, work("a"), { say }), withLock(folder, work("b"), { say })]);
    assert.deepEqual(order, ["a begins", "a ends", "b begins", "b ends"]);
    assert.equal(lines.length, 1);
  });

  test("are not stopped by the lock of a process that was killed", async () => {
    writeFileSync(lock(), JSON.stringify({ pid: deadPid(), host: hostname(), id: "old" }));
    assert.equal(await withLock(folder, async () => "done", { say: () => {} }), "done");
  });

  test("are not stopped for ever by an owner that shows no life and cannot be looked up", async () => {
    writeFileSync(lock(), JSON.stringify({ pid: 1, host: "another machine", id: "old" }));
    assert.equal(await withLock(folder, async () => "done", { silenceMs: 1, say: () => {} }), "done");
  });

  test("leave a lock alone that another process has taken meanwhile", async () => {
    await withLock(folder, async () => writeFileSync(lock(), "somebody else"));
    assert.equal(readFileSync(lock(), "utf8"), "somebody else");
  });
});

describe("the owner of a lock", () => {
  const note = (pid: number, host = hostname()) => JSON.stringify({ pid, host, id: "x" });

  test("is dead when this machine has no such process", () => assert.equal(isDead(note(deadPid())), true));
  test("is not known to be dead while it runs", () => assert.equal(isDead(note(process.pid)), false));
  test("is not known to be dead on another machine", () =>
    assert.equal(isDead(note(deadPid(), "other")), false));
  test("is not known to be dead while its note is being written", () => assert.equal(isDead(""), false));
});

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}
