import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz, summary } from "./run.ts";
import { TARGETS } from "./targets.ts";

const RUNS = 20_000;
const SEED = 20_261_122;

for (const create of TARGETS) {
  const target = create();
  test(`${target.name}: ${RUNS} inputs, and nothing but typed errors without secrets`, async (t) => {
    t.after(() => target.end());
    const outcome = await fuzz(target, RUNS, SEED);
    t.diagnostic(summary(target.name, outcome));
    assert.ok(outcome.accepted > 0, "some inputs must be good, or the fuzzer reaches nothing");
  });
}
