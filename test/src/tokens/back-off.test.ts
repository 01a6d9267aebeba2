import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { afterFailure, delayMs, msToWait, type Trouble } from "../../../src/tokens/back-off.ts";
import { NOW } from "./credentials.ts";

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const CODE = "portal_unavailable";

function failures(count: number, random: () => number, retryAfterSeconds?: number): Trouble {
  let trouble: Trouble | undefined;
  for (let i = 0; i < count; i++) {
    trouble = afterFailure(trouble, { code: CODE, now: NOW, retryAfterSeconds }, random);
  }
  return trouble as Trouble;
}

test("nothing failed: nothing to wait for", () => {
  assert.equal(msToWait(undefined, true, NOW), 0);
});

test("waits double from a second: to five minutes behind a valid token, to 15 s for those who wait", () => {
  const waits = [1, 2, 3, 4, 5, 9, 50].map((count) => {
    const trouble = failures(count, () => 1);
    return [msToWait(trouble, false, NOW), msToWait(trouble, true, NOW)];
  });
  assert.deepEqual(waits, [
    [1_000, 1_000],
    [2_000, 2_000],
    [4_000, 4_000],
    [8_000, 8_000],
    [16_000, 15_000],
    [256_000, 15_000],
    [300_000, 15_000],
  ]);
});

test("however often it fails: at least half the delay, never more than the longest", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 1e6 }),
      chance,
      (count, longest, r) => {
        const delay = delayMs(count, longest, () => r);
        const whole = Math.min(longest, 1_000 * 2 ** (count - 1));
        assert.ok(delay >= whole / 2 && delay <= whole);
      },
    ),
  );
});

test("Retry-After is a lower bound, up to an hour", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 1e9 }),
      chance,
      (count, seconds, r) => {
        const trouble = failures(count, () => r, seconds);
        for (const expired of [true, false]) {
          const wait = msToWait(trouble, expired, NOW);
          assert.ok(wait >= Math.min(seconds * 1_000, 3_600_000));
          assert.ok(wait <= Math.max(seconds > 3_600 ? 3_600_000 : seconds * 1_000, 300_000));
        }
      },
    ),
  );
});

test("whatever a clock is set to, no wait is longer than it was at first", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: -1e11, max: 1e11 }),
      fc.boolean(),
      (count, jump, expired) => {
        const trouble = failures(count, () => 0.5);
        assert.ok(msToWait(trouble, expired, NOW + jump) <= msToWait(trouble, expired, NOW));
      },
    ),
  );
});
