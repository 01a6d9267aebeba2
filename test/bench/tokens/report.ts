import { INFO } from "./contenders.ts";
import { CONTENDERS } from "./job.ts";
import { describe } from "./machine.ts";
import type { Results } from "./results.ts";
import { mainTable, oursAlone, raceTable, reasons, type Table } from "./tables.ts";
import { verdicts } from "./targets.ts";

const RACE_TITLE =
  "Processes that find the token ended: token calls · processes with a live token · until the last has it";

/** For the terminal, at most 120 columns. */
export function toText(results: Results): string {
  const targets = verdicts(results).map(({ ok, text }) => `  ${ok ? "ok  " : "over"}  ${text}`);
  return [
    describe(results.machine),
    CONTENDERS.map((id) => `${INFO[id].short} = ${named(results, id)}`).join("\n"),
    "",
    textTable(mainTable(results)),
    "",
    RACE_TITLE,
    textTable(raceTable(results)),
    "",
    ...oursAlone(results).map((line) => line.replaceAll("`", "")),
    "",
    ...reasons(results),
    "",
    "Targets",
    ...targets,
    "",
  ].join("\n");
}

function named({ versions }: Results, id: (typeof CONTENDERS)[number]): string {
  const { package: name, call } = INFO[id];
  return `${name} ${versions[name] ?? ""} ${call}`;
}

function textTable({ head, rows }: Table): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const aligned = lines.map((line) =>
    line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  const [first = [], ...others] = aligned.map((line) => line.join("  "));
  return [first, "─".repeat(first.length), ...others].join("\n");
}

/** For test/README.md: chart, tables, where they come from. `chart` is a path relative to it. */
export function toMarkdown(results: Results, chart: string): string {
  const over = verdicts(results).filter(({ ok }) => !ok);
  const packages = CONTENDERS.filter((id) => id !== "ours").map(
    (id) => `${INFO[id].short}: \`${INFO[id].package}\` ${results.versions[INFO[id].package] ?? ""}`,
  );
  const date = results.at.slice(0, 10);
  return [
    `![What a token costs: a valid one, one behind a hanging endpoint, one for many callers, one for many processes](${chart})`,
    "",
    markdownTable(mainTable(results)),
    "",
    `${RACE_TITLE}.`,
    "",
    markdownTable(raceTable(results)),
    "",
    ...oursAlone(results).map((line) => `- ${line}`),
    ...reasons(results).map((line) => `- ${line}`),
    ...over.map(({ text }) => `- Misses its target: ${text}.`),
    "",
    `Repeat it with \`npm run bench -- tokens\`. Measured on ${date}: ${describe(results.machine)}. × is the multiple of ours. ${packages.join("; ")}.`,
  ].join("\n");
}

function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

const MARKS = { begin: "<!-- bench tokens: begin -->", end: "<!-- bench tokens: end -->" };

/** `document` with the part between the marks replaced. @throws Error when the marks are missing */
export function withReport(document: string, report: string): string {
  const [begin, end] = [document.indexOf(MARKS.begin), document.indexOf(MARKS.end)];
  if (begin < 0 || end < begin)
    throw new Error(`The document lacks the marks ${MARKS.begin} and ${MARKS.end}.`);
  return `${document.slice(0, begin)}${MARKS.begin}\n${report}\n${document.slice(end)}`;
}
