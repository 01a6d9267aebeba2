// `npm run chaos`: kills processes at every step of sign-ins and refreshes. `-- --runs 10000 --seed 7`.
import { parseArgs } from "node:util";
import { campaign } from "./campaign.ts";
import { summary } from "./summary.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

console.log(`seed ${values.seed}`);
const start = performance.now();
const onRun = (done: number) => {
  if (done % 500 === 0) console.log(`${done} runs, ${Math.round((performance.now() - start) / 1000)} s`);
};
const result = await campaign({ runs: Number(values.runs), seed: Number(values.seed), onRun });
console.log(summary(result));
process.exitCode = result.broken.length > 0 ? 1 : 0;
