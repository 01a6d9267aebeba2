// `npm test`: the checks and every test. `npm test -- test/keychain` runs the tests of that folder or
// file only; arguments that begin with "-" go to `node --test`.
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { checkAll } from "./check/run.ts";
import { exitCode, run } from "./launch/run.mjs";
import { selectTests } from "./test/select.ts";

const root = dirname(import.meta.dirname);
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));

async function main(): Promise<number> {
  const files = selectTests(globSync("test/**/*.test.ts", { cwd: root }), filters);
  if (files.length === 0) {
    console.error(`No test file matches ${filters.join(" ")}.`);
    return 1;
  }
  if (filters.length === 0 && !(await checkAll(root))) {
    console.error("\nThe tests were not run. Some of what is wrong `npx biome check --write` puts right.");
    return 1;
  }
  return runTests(files);
}

async function runTests(files: readonly string[]): Promise<number> {
  // Two at a time: test/host and test/browser start whole programs.
  // Ours last: an option that was typed without its "=value" would take the first file for it, and Node would
  // then run everything it finds.
  const args = ["--test", ...options, "--test-reporter=spec", "--test-concurrency=2", ...files];
  return exitCode(await run(process.execPath, args, { cwd: root, env: process.env, stdio: "inherit" }));
}

process.exitCode = await main();
