import assert from "node:assert/strict";
import { test } from "node:test";
import { exploreApart, summary } from "./explore-apart.ts";
import { SCENARIOS, UNGUARDED } from "./scenarios.ts";

for (const [name, without, scenario] of UNGUARDED) {
  test(`the explorer finds a spent refresh token used again without ${name}`, async () => {
    await assert.rejects(exploreApart({ ...scenario, without }), /spends refresh-0-\d again/);
  });
}

for (const [name, scenario] of SCENARIOS) {
  test(name, async (t) => {
    const explored = await exploreApart(scenario);
    t.diagnostic(summary(explored));
    assert.ok(explored.states > 1_000);
  });
}
