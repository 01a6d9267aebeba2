// A reporter of `node --test`: the test files that took longest.
import type { TestEvent } from "node:test/reporters";

export interface Suite {
  readonly file: string;
  readonly seconds: number;
}

const SHOWN = 10;

export default async function* reportSlowest(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const suites: Suite[] = [];
  for await (const { type, data } of events) {
    // Each file has a summary of its own, and the whole run one without a file.
    if (type !== "test:summary" || data.file === undefined) continue;
    suites.push({ file: data.file, seconds: data.duration_ms / 1000 });
  }
  yield slowestSuites(suites, process.cwd());
}

/** The longest first, by their paths in `root`. */
export function slowestSuites(suites: readonly Suite[], root: string): string {
  const lines = suites
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, SHOWN)
    .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file.replace(`${root}/`, "")}\n`);
  return `\nThe slowest suites:\n${lines.join("")}`;
}
