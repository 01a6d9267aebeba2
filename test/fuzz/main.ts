// `npm run fuzz`: a million inputs for each target. `npm run fuzz -- --runs 5000 --seed 7 --target record`.
import { parseArgs } from "node:util";
import { fuzz, summary } from "./run.ts";
import { TARGETS } from "./targets.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    target: { type: "string", default: "" },
  },
});

console.log(`seed ${values.seed}`);
for (const create of TARGETS) {
  const target = create();
  try {
    if (!target.name.includes(values.target)) continue;
    const start = performance.now();
    const outcome = await fuzz(target, Number(values.runs), Number(values.seed));
    console.log(`${summary(target.name, outcome)}; ${Math.round((performance.now() - start) / 1000)} s`);
  } finally {
    target.end();
  }
}
