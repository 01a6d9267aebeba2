import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = dirname(dirname(import.meta.dirname));

export const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
export const isThere = (path: string) => existsSync(join(ROOT, path));

/** Every document of the project, by its path. */
export function documents(): string[] {
  const paths = existsSync(join(ROOT, ".git"))
    ? execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"], {
        cwd: ROOT,
        encoding: "utf8",
      }).split("\0")
    : globSync("{*,.github/*,{src,extensions,fixtures,test}/**/*}.md", { cwd: ROOT });
  return paths
    .filter((path) => path !== "" && isThere(path))
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}

const withoutCode = (text: string) => text.replace(/^```.*?^```$/gms, "");

/** The anchors that GitHub gives a document's headings. */
export function anchors(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(text).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/** Where a document's links and pictures lead, without those to other servers. */
export function relativeLinks(text: string): string[] {
  const code = /`[^`\n]*`/g;
  const links = withoutCode(text)
    // A link's text may be code; its address is not.
    .replace(code, "code")
    .matchAll(/\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"/g);
  return [...links]
    .map(([, inMarkdown, inHtml]) => inMarkdown ?? inHtml ?? "")
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** The text between a heading and the next one of its level or above. */
export function section(text: string, heading: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`There is no heading "${heading}".`);
  const level = heading.indexOf(" ");
  let inCode = false;
  const end = lines.findIndex((line, index) => {
    if (line.startsWith("```")) inCode = !inCode;
    const marks = /^(#+) /.exec(line)?.[1]?.length ?? Number.POSITIVE_INFINITY;
    return index > start && !inCode && marks <= level;
  });
  return lines.slice(start + 1, end < 0 ? undefined : end).join("\n");
}

/** The rows of a text's first table, as cells, without its head. */
export function tableRows(text: string): string[][] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith("|"));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end < 0 ? undefined : end).map((line) =>
    line
      .slice(1, -1)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

/** What stands in backticks. */
export const codeIn = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
