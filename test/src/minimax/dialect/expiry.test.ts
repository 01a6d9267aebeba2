import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { remainingLifeMs } from "../../../../src/minimax/dialect/expiry.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

test("an expiry that is no positive finite number is refused", () => {
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(remainingLifeMs(value, { now: NOW }), undefined);
  }
});

test("relative seconds, epoch seconds and epoch milliseconds mean the same hour", () => {
  assert.equal(remainingLifeMs(3600, { now: NOW }), HOUR);
  assert.equal(remainingLifeMs((NOW + HOUR) / 1000, { now: NOW }), HOUR);
  assert.equal(remainingLifeMs(NOW + HOUR, { now: NOW }), HOUR);
});

test("an absolute expiry is measured on the server's clock when the two clocks differ", () => {
  const serverNow = NOW + 24 * HOUR;
  assert.equal(remainingLifeMs(serverNow + HOUR, { now: NOW, serverNow }), HOUR);
});

test("the Date header's coarseness does not move an expiry", () => {
  assert.equal(remainingLifeMs(NOW + HOUR, { now: NOW, serverNow: NOW - 900 }), HOUR);
});

test("whatever the unit, a life of up to a year comes out exact to the second", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 365 * 86_400 }),
      fc.constantFrom("relative", "s", "ms"),
      (seconds, unit) => {
        const at = { relative: seconds, s: NOW / 1000 + seconds, ms: NOW + seconds * 1000 }[unit];
        assert.equal(remainingLifeMs(at, { now: NOW }), seconds * 1000);
      },
    ),
  );
});
