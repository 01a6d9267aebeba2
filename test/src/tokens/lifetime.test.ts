import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { freshness, freshnessIn, measure } from "../../../src/tokens/lifetime.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { NOW } from "./credentials.ts";

const ORDER = ["fresh", "due", "expired"];
const life = fc.integer({ min: 1_000, max: 1e10 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const jump = fc.integer({ min: -86_400_000, max: 86_400_000 });
const part = fc.double({ min: 0, max: 1, noNaN: true });

test("while nobody touches the clock, a token is never served past its end", () => {
  fc.assert(
    fc.property(life, part, chance, (lifeMs, passed, r) => {
      const clock = virtualClock(NOW);
      const measured = measure({ obtainedAt: NOW, expiresAt: NOW + lifeMs }, clock, () => r);
      clock.advance(Math.floor(lifeMs * passed));
      assert.equal(freshnessIn(measured, clock) === "expired", Math.floor(lifeMs * passed) >= lifeMs);
      clock.advance(lifeMs);
      assert.equal(freshnessIn(measured, clock), "expired");
    }),
  );
});

test("the jitter starts a refresh later than the window, never earlier, and never after the end", () => {
  fc.assert(
    fc.property(life, part, chance, (lifeMs, passed, r) => {
      const clock = virtualClock(NOW);
      const times = { obtainedAt: NOW, expiresAt: NOW + lifeMs };
      const measured = measure(times, clock, () => r);
      clock.advance(Math.floor(lifeMs * passed));
      const [here, plain] = [freshnessIn(measured, clock), freshness(times, clock.now())];
      assert.ok(ORDER.indexOf(here) <= ORDER.indexOf(plain));
      assert.ok(measured.dueWall < measured.endWall);
    }),
  );
});

test("a wall clock that is set at any moment never lengthens the life of a token in memory", () => {
  fc.assert(
    fc.property(life, part, jump, (lifeMs, passed, setBy) => {
      const clock = virtualClock(NOW);
      const measured = measure({ obtainedAt: NOW, expiresAt: NOW + lifeMs }, clock, () => 0.5);
      clock.advance(Math.floor(lifeMs * passed));
      clock.setBy(setBy);
      clock.advance(Math.ceil(lifeMs * (1 - passed)) + 1);
      assert.equal(freshnessIn(measured, clock), "expired");
    }),
  );
});

test("a token read after the clock was set back counts for no more than its whole life", () => {
  fc.assert(
    fc.property(life, fc.integer({ min: 0, max: 86_400_000 }), (lifeMs, back) => {
      const clock = virtualClock(NOW - back);
      const measured = measure({ obtainedAt: NOW, expiresAt: NOW + lifeMs }, clock, () => 0);
      clock.advance(lifeMs);
      assert.equal(freshnessIn(measured, clock), "expired");
    }),
  );
});
