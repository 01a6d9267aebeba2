import { type DocumentNode, evaluate, parse, type Token, type ValueNode } from "@humanwhocodes/momoa";
import { isObject, type Patch } from "../config/patch.ts";

/** One piece of a text that gives way to another. */
export interface Edit {
  /** Where, counted in the text before any edit. */
  readonly at: number;
  readonly removed: string;
  readonly inserted: string;
}

/** @throws Error that says where, for a text that is no JSON5 */
export function readJson5(text: string): unknown {
  return evaluate(parse(text, { mode: "json5" }));
}

/**
 * The edits that make a JSON5 text hold what `patch` wants, and touch nothing else: comments, spacing,
 * quotes and the order of everything stay. A list that only grows is added to.
 */
export function editsFor(text: string, patch: Patch): Edit[] {
  const root = parse(text, { mode: "json5", ranges: true, tokens: true });
  const writer = { text, tokens: tokensOf(root), style: styleOf(text), edits: [] as Edit[] };
  mergeInto(writer, root.body, patch);
  return writer.edits.sort((one, other) => one.at - other.at);
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let done = 0;
  for (const { at, removed, inserted } of edits) {
    result += text.slice(done, at) + inserted;
    done = at + removed.length;
  }
  return result + text.slice(done);
}

/** The edits that take `edits` back, on the text that they made. */
export function inverseOf(edits: readonly Edit[]): Edit[] {
  let moved = 0;
  return edits.map(({ at, removed, inserted }) => {
    const inverse = { at: at + moved, removed: inserted, inserted: removed };
    moved += inserted.length - removed.length;
    return inverse;
  });
}

interface Writer {
  readonly text: string;
  readonly tokens: readonly RangedToken[];
  readonly style: Json5Style;
  readonly edits: Edit[];
}

type Range = readonly [start: number, end: number];

type RangedToken = Pick<Token, "type"> & { readonly range: Range };

type Container = Extract<ValueNode, { type: "Object" | "Array" }>;

function mergeInto(writer: Writer, node: ValueNode, patch: Patch): void {
  if (node.type !== "Object") {
    replace(writer, node, patch);
    return;
  }
  const added: string[] = [];
  const indent = memberIndent(writer, node);
  for (const [name, wanted] of Object.entries(patch)) {
    const value = memberOf(node, name);
    if (value === undefined) {
      added.push(`${formatName(name, writer.style)}: ${formatValue(wanted, writer.style, indent)}`);
    } else if (value.type === "Object" && isObject(wanted)) mergeInto(writer, value, wanted);
    else if (value.type === "Array" && Array.isArray(wanted)) growList(writer, value, wanted);
    else if (!same(evaluate(value), wanted)) replace(writer, value, wanted);
  }
  append(writer, node, added, indent);
}

function growList(writer: Writer, node: Container, wanted: readonly unknown[]): void {
  const current = evaluate(node) as unknown[];
  const begins = current.every((item, index) => same(item, wanted[index]));
  if (!begins || current.length > wanted.length) {
    replace(writer, node, wanted);
    return;
  }
  const indent = memberIndent(writer, node);
  const added = wanted.slice(current.length).map((item) => formatValue(item, writer.style, indent));
  append(writer, node, added, indent);
}

function replace({ text, edits, style }: Writer, node: ValueNode, wanted: unknown): void {
  const [start, end] = rangeOf(node);
  const inserted = formatValue(wanted, style, lineIndent(text, start));
  edits.push({ at: start, removed: text.slice(start, end), inserted });
}

/** Puts `added` behind the last member, and behind a comment that stands on the same line. */
function append(writer: Writer, node: Container, added: readonly string[], indent: string): void {
  if (added.length === 0) return;
  const { text, tokens, edits, style } = writer;
  const [start, end] = rangeOf(node);
  const { newline } = style;
  const lines = added.join(`,${newline}${indent}`);
  const last = partsOf(node).at(-1);
  const outer = lineIndent(text, start);
  if (last === undefined) {
    const blank = /\s*$/.exec(text.slice(start + 1, end - 1))?.[0] ?? "";
    edits.push({
      at: end - 1 - blank.length,
      removed: blank,
      inserted: `${newline}${indent}${lines}${newline}${outer}`,
    });
    return;
  }
  const lastEnd = rangeOf(last)[1];
  const after = tokens.filter(({ range }) => range[0] >= lastEnd && range[1] < end);
  const comma = after.find(({ type }) => type === "Comma");
  if (isInline(writer, node) && added.every((line) => !line.includes("\n"))) {
    edits.push({
      at: comma?.range[1] ?? lastEnd,
      removed: "",
      inserted: `${comma ? "" : ","} ${added.join(", ")}`,
    });
    return;
  }
  const sameLine = after.filter(
    ({ type, range }) => type.endsWith("Comment") && !text.slice(lastEnd, range[0]).includes("\n"),
  );
  const behind = Math.max(lastEnd, comma?.range[1] ?? 0, sameLine.at(-1)?.range[1] ?? 0);
  const blank = isInline(writer, node) ? (/^[ \t]*/.exec(text.slice(behind))?.[0] ?? "") : "";
  const ending = isInline(writer, node) ? newline + outer : "";
  const block = `${newline}${indent}${lines}${comma ? "," : ""}${ending}`;
  if (!comma && behind > lastEnd) {
    edits.push({ at: lastEnd, removed: "", inserted: "," });
    edits.push({ at: behind, removed: blank, inserted: block });
  } else {
    edits.push({ at: behind, removed: blank, inserted: `${comma ? "" : ","}${block}` });
  }
}

/** Whether the closing bracket stands on the last member's line. */
function isInline({ text }: Writer, node: Container): boolean {
  const last = partsOf(node).at(-1);
  return last !== undefined && !text.slice(rangeOf(last)[1], rangeOf(node)[1]).includes("\n");
}

/** The indentation of a container's members. */
function memberIndent({ text, style }: Writer, node: Container): string {
  const [start] = rangeOf(node);
  const first = partsOf(node)[0];
  const outer = lineIndent(text, start);
  if (first === undefined) return outer + style.step;
  const at = rangeOf(first)[0];
  return text.slice(start, at).includes("\n") ? lineIndent(text, at) : outer + style.step;
}

function lineIndent(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return /^\uFEFF?([ \t]*)/.exec(line)?.[1] ?? "";
}

/** Of a name that stands twice the last one counts, as in JavaScript. */
function memberOf(node: Extract<ValueNode, { type: "Object" }>, name: string): ValueNode | undefined {
  return node.members.findLast(
    (each) => (each.name.type === "String" ? each.name.value : each.name.name) === name,
  )?.value;
}

// A list's elements have no range of their own, their values have.
const partsOf = (node: Container) =>
  node.type === "Object" ? node.members : node.elements.map(({ value }) => value);

function rangeOf(node: { readonly range?: readonly number[] | undefined }): Range {
  const [start, end] = node.range ?? [];
  if (start === undefined || end === undefined) throw new Error("The parser gave no ranges.");
  return [start, end];
}

function tokensOf(root: DocumentNode): RangedToken[] {
  return (root.tokens ?? []).map((token) => ({ type: token.type, range: rangeOf(token) }));
}

/** Whether two values of JSON are the same; the order of names says nothing. */
export function same(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => same((one as Patch)[name], (other as Patch)[name]))
  );
}
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
