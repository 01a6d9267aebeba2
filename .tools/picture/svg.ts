import { type Line, type Piece, textOf } from "./terminal.ts";

const COLUMN = 8.4;
const ROW = 20;
const PADDING = 18;
/** Height of the bar with the window's buttons. */
const TOP = 34;
const FEWEST_COLUMNS = 64;

/** Its own background, so that it looks the same on a light and on a dark page. */
const STYLE = `
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    fill: #e6edf3; white-space: pre; }
  .bold { font-weight: 700; fill: #ffffff; } .dim { fill: #8b949e; }
  .c31 { fill: #ff7b72; } .c32 { fill: #3fb950; } .c33 { fill: #d29922; } .c36 { fill: #39c5cf; }
  path { shape-rendering: crispEdges; } .window { fill: #0d1117; stroke: #444c56; } .rest { fill: #30363d; } .block { fill: #e6edf3; }
`;

const escaped = (text: string) => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);

/** A terminal window in which a command has shown its lines. */
export function drawTerminal(command: string, lines: readonly Line[]): string {
  const prompt: Line = [
    { text: "$ ", bold: false, dim: true, colour: undefined },
    { text: command, bold: false, dim: false, colour: undefined },
  ];
  const shown: readonly Line[] = [prompt, [], ...lines];
  const columns = Math.max(FEWEST_COLUMNS, ...shown.map((line) => textOf(line).length));
  const width = Math.ceil(columns * COLUMN + 2 * PADDING);
  const height = Math.ceil(TOP + shown.length * ROW + PADDING);
  const buttons = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, index) => `<circle cx="${18 + index * 18}" cy="${TOP / 2}" r="5.5" fill="${fill}"/>`,
  );
  const rows = shown.map((line, row) => drawLine(line, TOP + row * ROW)).filter((row) => row !== "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(command)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="window" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9"/>`,
    ...buttons,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function drawLine(line: Line, top: number): string {
  // A QR code is drawn with half blocks; in a bar the blocks stay clear of the lines above and below.
  const inset = /[▀▄]/.test(textOf(line)) ? 0 : 3;
  const blocks = new Map<string, string>();
  let texts = "";
  let column = 0;
  for (const piece of line) {
    for (const [text] of piece.text.matchAll(/█+|▀+|▄+|░+|·+|[^█▀▄░·]+/g)) {
      const x = PADDING + column * COLUMN;
      column += text.length;
      if (!/^[█▀▄░]/.test(text)) texts += drawText({ ...piece, text }, x, top);
      else {
        const { colour } = piece;
        const name = text.startsWith("░") ? "rest" : colour === undefined ? "block" : `c${colour}`;
        blocks.set(name, (blocks.get(name) ?? "") + block(text, x, top, inset));
      }
    }
  }
  const drawn = [...blocks].map(([name, d]) => `<path class="${name}" d="${d}"/>`);
  return drawn.join("") + texts;
}

/** Drawn, because fonts leave gaps between blocks. */
function block(text: string, x: number, top: number, inset: number): string {
  const y = text.startsWith("▄") ? top + ROW / 2 : top + inset;
  const height = /^[▀▄]/.test(text) ? ROW / 2 : ROW - 2 * inset;
  const right = round(x + text.length * COLUMN);
  return `M${round(x)} ${round(y)}H${right}v${height}H${round(x)}z`;
}

function drawText({ text, bold, dim, colour }: Piece, x: number, top: number): string {
  if (text.trim() === "") return "";
  const names = [colour === undefined ? "" : `c${colour}`, bold ? "bold" : "", dim ? "dim" : ""];
  const style = names.filter(Boolean).join(" ");
  const marked = style === "" ? "" : ` class="${style}"`;
  const spaces = text.length - text.trimStart().length;
  const words = text.trim();
  const at = round(x + spaces * COLUMN);
  return `<text x="${at}" y="${round(top + 14)}" textLength="${round(words.length * COLUMN)}"${marked}>${escaped(words)}</text>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
