import { run } from "../launch/run.mjs";

interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

const CHECKS: readonly Check[] = [
  {
    name: "format and lint (Biome)",
    args: ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."],
  },
  { name: "types (tsc)", args: ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"] },
];

/** Runs all checks at once and prints each result; true when nothing is to be put right. */
export async function checkAll(root: string): Promise<boolean> {
  const results = CHECKS.map((check) => runCheck(root, check));
  let passed = true;
  for (const result of results) {
    const { name, ok, output, seconds } = await result;
    console.log(`${ok ? "✔" : "✖"} ${name} (${seconds.toFixed(1)} s)`);
    if (!ok) console.log(output.trimEnd());
    passed &&= ok;
  }
  return passed;
}

interface Result extends Pick<Check, "name"> {
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

async function runCheck(root: string, { name, args }: Check): Promise<Result> {
  const start = Date.now();
  const { code, output } = await run(process.execPath, [...args], {
    cwd: root,
    env: process.env,
    stdio: "pipe",
  });
  return { name, ok: code === 0, output, seconds: (Date.now() - start) / 1000 };
}
