// `npm run explore`: every scenario, also the large ones; takes half an hour. `-- --only TEXT`
// takes those whose names contain it.
import { parseArgs } from "node:util";
import { exploreApart, summary } from "./explore-apart.ts";
import { LARGE } from "./scenarios.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });

let states = 0;
for (const [name, scenario] of LARGE) {
  if (!name.includes(values.only)) continue;
  const start = performance.now();
  const explored = await exploreApart(scenario);
  states += explored.states;
  console.log(`${name}:\n  ${summary(explored)}; ${Math.round((performance.now() - start) / 1000)} s`);
}
console.log(`${states} states in all; no promise broken.`);
