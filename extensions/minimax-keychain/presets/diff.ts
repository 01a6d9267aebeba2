import { createTwoFilesPatch } from "diff";
import type { Output, Style } from "../cli/output.ts";

const SECRET_NAME =
  /(["']?[\w-]*(?:key|token|secret|password|passphrase|authorization|cookie|credential)s?["']?\s*:\s*)("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/gi;

/** Values under such a name that are none: placeholders, variables, LM Studio's. */
const NO_SECRET = /^["'](?:\$\{\w+\}|minimax-keychain:[\w.-]+|minimax-keychain|lmstudio)["']$/;

/** The change as a unified diff, with the person's own secrets hidden. */
export function showDiff(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(path, path, before, after, "", "", { context: 2 });
  const body = patch.slice(patch.indexOf("--- "));
  return body
    .replace(SECRET_NAME, (whole, name: string, value: string) =>
      NO_SECRET.test(value) ? whole : `${name}"[hidden]"`,
    )
    .trimEnd();
}

const STYLES: Readonly<Record<string, Style>> = { "@": "cyan", "-": "red", "+": "green" };

/** The two lines that name the file before and after. */
const HEADER_LINES = 2;

/** A unified diff in its usual colours. */
export function diffView(diff: string, { paint }: Pick<Output, "paint">): string {
  return diff
    .split("\n")
    .map((line, index) => {
      const style = index < HEADER_LINES ? "bold" : STYLES[line[0] ?? ""];
      return style === undefined ? line : paint(style, line);
    })
    .join("\n");
}
