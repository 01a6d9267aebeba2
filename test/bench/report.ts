/** One line of a report: a figure, with or without a limit. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "s" | "ms" | "KB";
  /** The largest value that is still good. */
  readonly limit?: number;
  /** What else a reader may want to know of it. */
  readonly remark?: string;
}

export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

export type Report = readonly Section[];

/** Whether no figure is over its limit. */
export function isKept(report: Report): boolean {
  return report.every(({ figures }) => figures.every((figure) => !isOver(figure)));
}

/** The report as a table. */
export function render(report: Report): string {
  const width = Math.max(...report.flatMap(({ figures }) => figures.map(({ name }) => name.length)));
  return report.map(({ title, figures }) => `\n${title}\n${lines(figures, width)}`).join("");
}

function lines(figures: readonly Figure[], width: number): string {
  return figures
    .map((figure) => {
      const { name, value, unit, limit, remark = "" } = figure;
      const shown = `${format(value, unit).padStart(10)} ${unit.padEnd(5)}`;
      const verdict = isOver(figure) ? "OVER" : "ok";
      const judged = limit === undefined ? "" : `limit ${format(limit, unit)} ${unit}: ${verdict}`;
      return `  ${name.padEnd(width)}${shown}  ${[judged, remark].filter((text) => text !== "").join("  ")}`;
    })
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function isOver({ value, limit }: Figure): boolean {
  // Written so that a value that is no number counts as over.
  return limit !== undefined && !(value <= limit);
}

function format(value: number, unit: Figure["unit"]): string {
  return value.toFixed({ s: 3, ms: 1, KB: 0 }[unit]);
}
