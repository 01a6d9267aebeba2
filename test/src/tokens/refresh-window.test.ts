import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { freshness } from "../../../src/tokens/lifetime.ts";
import { HOUR, NOW } from "./credentials.ts";

const MINUTE = 60_000;
const at = (lifeMs: number, leftMs: number) =>
  freshness({ obtainedAt: NOW, expiresAt: NOW + lifeMs }, NOW + lifeMs - leftMs);

test("an hour's token is refreshed in its last twelve minutes", () => {
  assert.equal(at(HOUR, 13 * MINUTE), "fresh");
  assert.equal(at(HOUR, 12 * MINUTE), "due");
  assert.equal(at(HOUR, 1), "due");
  assert.equal(at(HOUR, 0), "expired");
});

test("a fifteen minutes' token is refreshed in its last five", () => {
  assert.equal(at(15 * MINUTE, 6 * MINUTE), "fresh");
  assert.equal(at(15 * MINUTE, 5 * MINUTE), "due");
});

test("a token of seconds is fresh for half its life", () => {
  assert.equal(at(20_000, 11_000), "fresh");
  assert.equal(at(20_000, 10_000), "due");
});

test("a fresh token is never due again later than it expires, whatever its life", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (life, part) => {
        const left = Math.ceil(life * part);
        const order = ["fresh", "due", "expired"];
        assert.ok(order.indexOf(at(life, left)) <= order.indexOf(at(life, Math.max(0, left - 1))));
        if (left > life / 2 && left > 0.2 * life && left > 5 * MINUTE) assert.equal(at(life, left), "fresh");
      },
    ),
  );
});
