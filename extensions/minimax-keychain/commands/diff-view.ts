import type { Output, Style } from "../cli/output.ts";

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
