import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

/** Where a command writes, and what the place can show. */
export interface Output {
  log(line: string): void;
  error(line: string): void;
  /** For programs. The host sends `console.log` to stderr where it sees `--json`. */
  data(text: string): void;
  /** Width to fill at most, in columns. */
  readonly columns: number;
  /** `text` in a style, or as it is where colours are not wanted. */
  paint(style: Style, text: string): string;
}

type Stream = Pick<NodeJS.WriteStream, "isTTY" | "columns">;

const NARROWEST = 60;

const WIDEST = 100;

/** A terminal gets colours unless `NO_COLOR` (no-color.org) or `TERM=dumb` says otherwise; a pipe never. */
export function createOutput(stream: Stream = process.stdout, env: NodeJS.ProcessEnv = process.env): Output {
  const colours = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    log: (line) => console.log(line),
    error: (line) => console.error(line),
    data: (text) => void process.stdout.write(text),
    columns: Math.min(WIDEST, Math.max(NARROWEST, (stream.isTTY && stream.columns) || 80)),
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** `text` on lines of at most `width`, each after `indent`. A word that is longer stays whole. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, indent + line];
}

const BAR_WIDTH = 20;

/** What is left, as a bar: green, yellow from a quarter on, red from a tenth on. */
export function bar(fraction: number, out: Pick<Output, "paint">): string {
  const part = Math.min(1, Math.max(0, fraction));
  // Something that is left always shows.
  const full = part === 0 ? 0 : Math.max(1, Math.round(part * BAR_WIDTH));
  const style: Style = part <= 0.1 ? "red" : part <= 0.25 ? "yellow" : "green";
  return out.paint(style, "█".repeat(full)) + out.paint("dim", "░".repeat(BAR_WIDTH - full));
}

/** In place of a bar, where there is nothing to measure. */
export function noBar(out: Pick<Output, "paint">): string {
  return out.paint("dim", "·".repeat(BAR_WIDTH));
}

const UNITS = [
  [86_400_000, "d", "h", 3_600_000],
  [3_600_000, "h", "min", 60_000],
] as const;

/** "3 d 4 h", "2 h 5 min", "12 min", "40 s"; never negative. */
export function duration(ms: number): string {
  const left = Math.max(0, ms);
  for (const [unit, name, smallerName, smaller] of UNITS) {
    if (left < unit) continue;
    const rest = Math.floor((left % unit) / smaller);
    return `${Math.floor(left / unit)} ${name}${rest > 0 ? ` ${rest} ${smallerName}` : ""}`;
  }
  return left >= 60_000 ? `${Math.floor(left / 60_000)} min` : `${Math.round(left / 1000)} s`;
}

/** A moment in this machine's own time zone: "14:05" today, else "2026-11-23 14:05". */
export function moment(at: number, now: number): string {
  const [date, day] = [new Date(at), new Date(now)];
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === day.toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
