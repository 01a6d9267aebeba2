/** How a file is written, so that what is added looks like the rest of it. */
export interface Json5Style {
  readonly newline: "\n" | "\r\n";
  /** One step of indentation. */
  readonly step: string;
  /** Whether names stand in quotes, as JSON wants them. */
  readonly quotedNames: boolean;
}

/** Longest value that is put on one line. */
const INLINE_LENGTH = 80;

export function styleOf(text: string): Json5Style {
  return {
    newline: text.includes("\r\n") ? "\r\n" : "\n",
    step: /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ",
    quotedNames: !/[{,\s][A-Za-z_$][\w$]*\s*:(?!\/)/.test(withoutCommentsAndStrings(text)),
  };
}

function withoutCommentsAndStrings(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'/g, " ");
}

export function formatName(name: string, { quotedNames }: Json5Style): string {
  return !quotedNames && /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A value as text; its lines after the first begin with `indent`. */
export function formatValue(value: unknown, style: Json5Style, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts: [name: string, value: unknown][] = Array.isArray(value)
    ? value.map((item) => ["", item])
    : Object.entries(value).map(([name, item]) => [`${formatName(name, style)}: `, item]);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  const flat = parts.every(([, item]) => typeof item !== "object" || item === null);
  const inline = parts.map(([name, item]) => `${name}${JSON.stringify(item)}`).join(", ");
  if (flat && inline.length <= INLINE_LENGTH) {
    return Array.isArray(value) ? `[${inline}]` : `{ ${inline} }`;
  }
  const inner = indent + style.step;
  const lines = parts.map(([name, item]) => `${inner}${name}${formatValue(item, style, inner)}`);
  return [`${open}`, lines.join(`,${style.newline}`), `${indent}${close}`].join(style.newline);
}
