// `npm start`, `npm test` and the other scripts begin here. Whatever Node runs this file (18 or later),
// it sees to it that the Node OpenClaw needs, the packages of the lock file and a fresh dist/ are there.
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuild } from "./launch/build.mjs";
import { ensureDependencies } from "./launch/dependencies.mjs";
import { LaunchError } from "./launch/errors.mjs";
import { ensureNode } from "./launch/node.mjs";
import { exitCode, run } from "./launch/run.mjs";

/** @type {Record<string, { script: string, needsBuild: boolean }>} */
const TASKS = {
  start: { script: "fixtures/demo/main.ts", needsBuild: true },
  test: { script: ".tools/test.ts", needsBuild: true },
  build: { script: ".tools/build.ts", needsBuild: false },
  check: { script: ".tools/check.ts", needsBuild: false },
  bench: { script: "test/bench/main.ts", needsBuild: true },
  fuzz: { script: "test/fuzz/main.ts", needsBuild: false },
  explore: { script: "test/src/tokens/explorer/main.ts", needsBuild: false },
  chaos: { script: "test/chaos/main.ts", needsBuild: false },
  portal: { script: "fixtures/portal/main.ts", needsBuild: false },
  picture: { script: ".tools/picture.ts", needsBuild: true },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} argv @returns {Promise<number>} the exit code */
async function launch([name = "", ...args]) {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task === undefined) {
    console.error(`Usage: node .tools/launch.mjs ${Object.keys(TASKS).join("|")} [arguments]`);
    return 2;
  }
  const node = await ensureNode(root);
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
  await ensureDependencies(root, node, env);
  if (task.needsBuild) await ensureBuild(root, node, env);
  return exitCode(await run(node, [join(root, task.script), ...args], { cwd: root, env, stdio: "inherit" }));
}

try {
  process.exitCode = await launch(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  if (error.message !== "") console.error(error.message);
  process.exitCode = error.exitCode;
}
