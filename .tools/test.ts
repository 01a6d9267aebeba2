// `npm test`: the checks and every test. `npm test -- test/keychain` runs the tests of that folder or
// file only, `npm test -- --quick` those that start no OpenClaw, no browser and no Secret Service; other
// arguments that begin with "-" go to `node --test`.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkAll } from "./check/run.ts";
import { exitCode, run } from "./launch/run.mjs";
import { describeLeftOut, quickTests, readProjectImports } from "./test/quick.ts";
import { selectTests } from "./test/select.ts";

const root = dirname(import.meta.dirname);
const QUICK = "--quick";
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-") && argument !== QUICK);
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));

async function main(): Promise<number> {
  const selected = selectTests(globSync("test/**/*.test.ts", { cwd: root }), filters);
  const { files, leftOut } = process.argv.includes(QUICK)
    ? quickTests(selected, await readProjectImports(root))
    : { files: selected, leftOut: [] };
  if (files.length === 0) {
    console.error(`No test file matches ${[...filters, ...(leftOut.length > 0 ? [QUICK] : [])].join(" ")}.`);
    return 1;
  }
  if (filters.length === 0 && !(await checkAll(root))) {
    console.error("\nThe tests were not run. Some of what is wrong `npx biome check --write` puts right.");
    return 1;
  }
  const code = await runTests(files);
  if (leftOut.length > 0) process.stdout.write(describeLeftOut(leftOut));
  return code;
}

async function runTests(files: readonly string[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "openclaw-test-run-"));
  const slowest = join(directory, "slowest");
  // Two at a time: test/host and test/browser start whole programs.
  // Ours last: an option that was typed without its "=value" would take the first file for it, and Node would
  // then run everything it finds.
  const args = [
    ...["--test", ...options],
    ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
    // To a file, or it would come among the last lines of the other.
    ...[`--test-reporter=${join(root, ".tools/test/slowest.ts")}`, `--test-reporter-destination=${slowest}`],
    ...["--test-concurrency=2", ...files],
  ];
  try {
    // Suites keep there what they make once for all.
    const env = { ...process.env, OPENCLAW_TEST_RUN: directory };
    const ended = await run(process.execPath, args, { cwd: root, env, stdio: "inherit" });
    if (existsSync(slowest)) process.stdout.write(readFileSync(slowest, "utf8"));
    return exitCode(ended);
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

process.exitCode = await main();
