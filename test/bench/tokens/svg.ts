const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One SVG element; numbers are rounded to tenths. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === "number" ? Math.round(value * 10) / 10 : escaped(value ?? "")}"`,
    );
  return content === ""
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${content}</${name}>`;
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escaped(content));
}

/** Positions on a logarithmic axis: `from` lies at `start`, `to` at `end`; values outside lie at the ends. */
export function logScale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = Math.log(to / from);
  return (value) => {
    const share = Math.log(Math.max(value, from) / from) / span;
    return start + Math.min(1, share) * (end - start);
  };
}

/** Powers of `base` from `from` to `to`. */
export function powers(from: number, to: number, base = 10): number[] {
  const steps = Math.round(Math.log(to / from) / Math.log(base));
  return Array.from({ length: steps + 1 }, (_, step) => from * base ** step);
}

/** Light and dark by the reader's choice; ours in colour, the others in grey. */
export const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328;
    paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round; }
  .title { font-weight: 600; font-size: 14px; }
  .small { font-size: 11px; fill: #59636e; }
  .strong { font-weight: 600; }
  .card { fill: #ffffff; stroke: #d1d9e0; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .bar { fill: #9aa4af; } .bar.ours { fill: #0969da; }
  .wait { fill: url(#waiting); stroke: #9aa4af; }
  .stripe { stroke: #9aa4af; stroke-width: 3; }
  .line { fill: none; stroke: #9aa4af; stroke-width: 2; } .line.ours { stroke: #0969da; stroke-width: 3; }
  .dot { fill: #9aa4af; } .dot.ours { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; stroke: #0d1117; } .small { fill: #9198a1; }
    .card { fill: #0d1117; stroke: #3d444d; } .grid { stroke: #2a313c; }
    .bar { fill: #656c76; } .bar.ours { fill: #4493f8; }
    .wait { stroke: #656c76; } .stripe { stroke: #656c76; }
    .line { stroke: #656c76; } .line.ours { stroke: #4493f8; }
    .dot { fill: #656c76; } .dot.ours { fill: #4493f8; }
  }
`;
