/** A piece of a line that looks the same throughout. */
export interface Piece {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  /** A colour's SGR number, 30 to 37. */
  readonly colour: number | undefined;
}

export type Line = readonly Piece[];

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
const CSI = /\x1b\[([0-9;?]*)([A-Za-z])/g;

/** The lines that a program left on a screen of so many columns, from the one that `first` matches. */
export function linesOf(output: string, columns: number, first: RegExp): Line[] {
  const lines = output.split(/\r?\n/).flatMap((line) => broken(piecesOf(afterOverwriting(line)), columns));
  const start = lines.findIndex((line) => first.test(textOf(line)));
  if (start < 0) return [];
  const end = lines.findLastIndex((line) => textOf(line).trim() !== "");
  return lines.slice(start, end + 1);
}

export const textOf = (line: Line) => line.map(({ text }) => text).join("");

/** A line as a terminal breaks it at its edge. */
function broken(line: Line, columns: number): Line[] {
  const lines: Piece[][] = [[]];
  let left = columns;
  for (const piece of line) {
    for (let { text } = piece; text !== ""; ) {
      if (left === 0) {
        lines.push([]);
        left = columns;
      }
      const part = text.slice(0, left);
      lines.at(-1)?.push({ ...piece, text: part });
      text = text.slice(part.length);
      left -= part.length;
    }
  }
  return lines;
}

/** A progress line is written over again and again: what was written last is what stays. */
function afterOverwriting(line: string): string {
  return line.split("\r").at(-1)?.split("\x1b[2K").at(-1) ?? "";
}

function piecesOf(line: string): Line {
  const pieces: Piece[] = [];
  let style = { bold: false, dim: false, colour: undefined as number | undefined };
  let from = 0;
  const take = (to: number) => {
    if (to > from) pieces.push({ text: line.slice(from, to), ...style });
  };
  for (const match of line.matchAll(CSI)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[2] === "m") style = (match[1] ?? "").split(";").reduce(afterCode, style);
  }
  take(line.length);
  return pieces;
}

type Style = Omit<Piece, "text">;

function afterCode(style: Style, code: string): Style {
  const number = Number(code || "0");
  if (number === 0) return { bold: false, dim: false, colour: undefined };
  if (number === 1) return { ...style, bold: true };
  if (number === 2) return { ...style, dim: true };
  if (number === 22) return { ...style, bold: false, dim: false };
  if (number === 39) return { ...style, colour: undefined };
  return number >= 30 && number <= 37 ? { ...style, colour: number } : style;
}
