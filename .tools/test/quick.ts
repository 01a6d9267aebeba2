// `npm test -- --quick`: the tests that start nothing large.
import { globSync } from "node:fs";
import { type Import, readImports } from "./imports.ts";

/** What a test can need that takes its time to start, by the module that starts it. */
const STARTED_BY: Readonly<Record<string, string>> = {
  "fixtures/openclaw/throwaway.ts": "OpenClaw",
  "fixtures/secret-service/start.ts": "a Secret Service",
  "playwright-core": "a browser",
};

export interface Quick {
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

interface LeftOut {
  readonly file: string;
  readonly needs: readonly string[];
}

/** Parts the quick tests from the others. The imports are those of the whole project. */
export function quickTests(files: readonly string[], imports: readonly Import[]): Quick {
  const next = Map.groupBy(imports, ({ from }) => from);
  const all = files.map((file) => ({ file, needs: needsOf(file, next) }));
  return {
    files: all.filter(({ needs }) => needs.length === 0).map(({ file }) => file),
    leftOut: all.filter(({ needs }) => needs.length > 0),
  };
}

function needsOf(file: string, next: ReadonlyMap<string, readonly Import[]>): string[] {
  const reached = new Set([file]);
  // A set takes what is added while it is gone through.
  for (const each of reached) for (const { to } of next.get(each) ?? []) reached.add(to);
  return Object.entries(STARTED_BY)
    .filter(([module]) => reached.has(module))
    .map(([, what]) => what);
}

export function readProjectImports(root: string): Promise<Import[]> {
  return readImports(root, globSync("{src,extensions,fixtures,test,.tools}/**/*.{ts,mjs}", { cwd: root }));
}

/** What `--quick` did not run, for the end of its output. */
export function describeLeftOut(leftOut: readonly LeftOut[]): string {
  const width = Math.max(0, ...leftOut.map(({ file }) => file.length));
  const lines = leftOut.map(({ file, needs }) => `  ${file.padEnd(width)}  needs ${needs.join(", ")}\n`);
  return `\nLeft out by --quick, ${leftOut.length} suites:\n${lines.join("")}`;
}
