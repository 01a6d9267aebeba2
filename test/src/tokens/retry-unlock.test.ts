import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Clock } from "../../../src/base/clock.ts";
import { AuthError, type ErrorCode } from "../../../src/base/error.ts";
import { retryUntilUnlocked } from "../../../src/tokens/keep-fresh.ts";

describe("a keychain that cannot be read yet", () => {
  test("is not waited for when waiting would not help", async () => {
    const here = scene(["sign_in_required"]);
    await assert.rejects(here.run(), { code: "sign_in_required" });
    assert.deepEqual(here.waits, []);
  });

  test("is not waited for after the gateway stopped", async () => {
    const here = scene([]);
    await assert.rejects(here.run({ signal: AbortSignal.abort(new Error("stopping")) }), /stopping/);
    assert.equal(here.reads, 0);
  });

  test("ends to be waited for when the gateway stops", async () => {
    const stop = new AbortController();
    const here = scene(Array(100).fill("keychain_locked"), () => stop.abort(new Error("stopping")));
    await assert.rejects(here.run({ signal: stop.signal }), /stopping/);
    assert.equal(here.reads, 1);
  });

  test("is asked within 4 s of being unlocked, on Linux, where asking shows no prompt", async () => {
    const here = scene(Array(7).fill("keychain_locked"));
    assert.equal(await here.run({ platform: "linux" }), "credential");
    assert.deepEqual(here.waits, [1000, 2000, 4000, 4000, 4000, 4000, 4000]);
  });

  for (const platform of ["darwin", "win32"] as const) {
    test(`is asked ever more slowly on ${platform}, where each attempt may show a prompt`, async () => {
      const here = scene(Array(9).fill("keychain_locked"));
      await here.run({ platform });
      assert.deepEqual(here.waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    });
  }

  for (const code of ["keychain_timed_out", "keychain_unavailable", "keychain_item_missing"] as const) {
    test(`is waited for, ever more slowly, when it says ${code}`, async () => {
      const here = scene(Array(4).fill(code));
      assert.equal(await here.run({ platform: "linux" }), "credential");
      assert.deepEqual(here.waits, [1000, 2000, 4000, 8000]);
    });
  }

  test("is told of once for each reason", async () => {
    const here = scene(["keychain_unavailable", "keychain_locked", "keychain_locked", "keychain_locked"]);
    await here.run();
    assert.deepEqual(here.reported, ["keychain_unavailable", "keychain_locked"]);
  });
});

test("a keychain that can be read is read once, at once", async () => {
  const here = scene([]);
  assert.equal(await here.run(), "credential");
  assert.deepEqual([here.reads, here.waits, here.reported], [1, [], []]);
});

/** A keychain that fails with one code after the other, and then gives the credential. */
function scene(failures: ErrorCode[], onSleep = () => {}) {
  const here = { reads: 0, waits: [] as number[], reported: [] as string[], run };
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    async sleep(ms, signal) {
      here.waits.push(ms);
      onSleep();
      signal?.throwIfAborted();
    },
  };
  const read = async () => {
    const code = failures[here.reads++];
    if (code !== undefined) throw new AuthError(code, { what: "Not now." });
    return "credential";
  };
  function run(changes: { signal?: AbortSignal; platform?: NodeJS.Platform } = {}) {
    const onWait = ({ code }: AuthError) => void here.reported.push(code);
    return retryUntilUnlocked(read, { clock, signal: new AbortController().signal, onWait, ...changes });
  }
  return here;
}
