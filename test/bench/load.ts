import { globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, mustSucceed } from "../../fixtures/openclaw/command.ts";
import { packPlugin } from "../../fixtures/openclaw/pack.ts";
import { createHost, type Host } from "../../fixtures/openclaw/throwaway.ts";
import { packEmptyPlugin } from "./empty-plugin.ts";
import { inTurns, type Measure, median, spread } from "./measure.ts";
import type { Figure, Report, Section } from "./report.ts";

const RUNS = 5;
const ENTRY_RUNS = 11;
/** Nobody notices a tenth of a second in a command that takes two. */
const MORE_THAN_EMPTY_S = 0.1;
const ENTRY_MS = 15;
const ENTRY_TIME = join(import.meta.dirname, "entry-time.ts");
const PACKAGE = "openclaw-minimax-keychain";

/** What loading the plugin costs a host command, against a plugin that does nothing; and the package's size. */
export async function load(): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), "bench-load-"));
  try {
    const ours = createHost({ directory: join(directory, "ours") });
    const empty = createHost({ directory: join(directory, "empty") });
    const tarball = await packPlugin(directory);
    await ours.install(tarball);
    await empty.install(await packEmptyPlugin(directory));
    return [await commandTime(ours, empty), await entryTime(), sizes(ours, tarball)];
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function commandTime(ours: Host, empty: Host): Promise<Section> {
  const times = await inTurns({ empty: helpOf(empty, /Empty/), ours: helpOf(ours, /logout/) }, RUNS);
  const figure = (name: string, values: readonly number[]): Figure => {
    return { name, value: median(values), unit: "s", remark: spread(values, 2) };
  };
  const more = median(times.ours) - median(times.empty);
  return {
    title: `openclaw minimax-portal --help, median of ${RUNS}, in turns`,
    figures: [
      figure("with an empty plugin", times.empty),
      figure("with ours", times.ours),
      { name: "ours takes longer by", value: more, unit: "s", limit: MORE_THAN_EMPTY_S },
    ],
  };
}

/** The command's wall time in s. What it prints shows that the plugin was loaded. */
function helpOf(host: Host, shown: RegExp): Measure {
  return async () => {
    const start = performance.now();
    const finished = await host.openclaw(["minimax-portal", "--help"]);
    const seconds = (performance.now() - start) / 1000;
    const { stdout } = mustSucceed("openclaw minimax-portal --help", finished);
    if (!shown.test(stdout)) throw new Error(`The plugin was not loaded:\n${stdout}`);
    return seconds;
  };
}

async function entryTime(): Promise<Section> {
  const measure = async () => {
    const finished = await command(process.execPath, [ENTRY_TIME], { env: process.env });
    return Number(mustSucceed("the evaluation of dist/index.js", finished).stdout);
  };
  const { entry } = await inTurns({ entry: measure }, ENTRY_RUNS);
  return {
    title: `Evaluation of our entry alone, median of ${ENTRY_RUNS}`,
    figures: [
      { name: "dist/index.js", value: median(entry), unit: "ms", limit: ENTRY_MS, remark: spread(entry, 1) },
    ],
  };
}

function sizes(host: Host, tarball: string): Section {
  const modules = join(host.directory, "openclaw", "npm", "projects", PACKAGE, "node_modules");
  const own = filesBelow(modules, (path) => path.startsWith(`${PACKAGE}/`));
  const others = filesBelow(modules, (path) => !path.startsWith(`${PACKAGE}/`));
  return {
    title: "Size as installed",
    figures: [
      {
        name: "the package",
        ...own,
        remark: `${own.files} files; packed ${kilobytes(tarball).toFixed(0)} KB`,
      },
      { name: "its node_modules", ...others, remark: `${others.files} files` },
    ],
  };
}

function filesBelow(directory: string, isWanted: (path: string) => boolean) {
  const paths = globSync("**", { cwd: directory })
    .filter((path) => isWanted(path.replaceAll("\\", "/")))
    .filter((path) => statSync(join(directory, path)).isFile());
  const value = paths.reduce((sum, path) => sum + kilobytes(join(directory, path)), 0);
  return { value, unit: "KB", files: paths.length } as const;
}

function kilobytes(path: string): number {
  return statSync(path).size / 1024;
}
