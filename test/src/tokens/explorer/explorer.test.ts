import assert from "node:assert/strict";
import { test } from "node:test";
import { exploreApart, summary } from "./explore-apart.ts";
import { SCENARIOS, UNGUARDED } from "./scenarios.ts";

for (const [name, without, scenario] of UNGUARDED) {
  test(`the explorer finds a refresh token used twice, or a sign-in lost or overwritten, without ${name}`, async () => {
    await assert.rejects(
      exploreApart({ ...scenario, without }),
      /spends refresh-0-\d again|lost that could be kept|overwrites 0-\d with 0-\d/,
    );
  });
}

for (const [name, scenario] of SCENARIOS) {
  test(name, async (t) => {
    const explored = await exploreApart(scenario);
    t.diagnostic(summary(explored));
    assert.ok(explored.states > 1_000);
  });
}
