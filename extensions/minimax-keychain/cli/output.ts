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
