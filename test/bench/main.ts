// `npm run bench -- <name>`: measurements that have a limit. Exit code 0: kept; 1: over it, or not
// measured; 2: no such measurement.
import { availableParallelism, loadavg } from "node:os";
import { keychain } from "./keychain.ts";
import { load } from "./load.ts";
import { isKept, type Report, render } from "./report.ts";
import { tokens } from "./tokens.ts";

interface Benchmark {
  readonly summary: string;
  /** What may follow its name. */
  readonly options?: readonly string[];
  run(args: readonly string[]): Promise<{ readonly text: string; readonly kept: boolean }>;
}

const reported = (measure: () => Promise<Report>) => async () => {
  const report = await measure();
  return { text: render(report), kept: isKept(report) };
};

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  keychain: { summary: "what a keychain call takes, through both bindings", run: reported(keychain) },
  load: { summary: "what loading the plugin costs the host, in time and in bytes", run: reported(load) },
  tokens: {
    summary: "tokens beside those of other libraries; --quick; --write: into test/README.md; --draw: again",
    options: ["--quick", "--write", "--draw"],
    run: tokens,
  },
};

const USAGE = `Usage: npm run bench -- <name>

${Object.entries(BENCHMARKS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

Let nothing else run meanwhile: the limits are for a quiet machine.
`;

async function main([name = "", ...rest]: readonly string[]): Promise<number> {
  if (name === "--help") {
    process.stdout.write(USAGE);
    return 0;
  }
  const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (benchmark === undefined || rest.some((option) => !benchmark.options?.includes(option))) {
    process.stderr.write(USAGE);
    return 2;
  }
  warnIfBusy();
  const { text, kept } = await benchmark.run(rest);
  process.stdout.write(text);
  return kept ? 0 : 1;
}

function warnIfBusy(): void {
  const [load = 0] = loadavg();
  const processors = availableParallelism();
  if (load < processors / 2) return;
  process.stderr.write(
    `The machine is busy (load ${load.toFixed(1)}, ${processors} processors): do not trust an OVER.\n`,
  );
}

process.exitCode = await main(process.argv.slice(2));
