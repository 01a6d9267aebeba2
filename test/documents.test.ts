// The documents: their length, their links, and the files that they name.
import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { describe, test } from "node:test";
import {
  anchors,
  codeIn,
  documents,
  isThere,
  read,
  relativeLinks,
  section,
  tableRows,
} from "./support/markdown.ts";

const README = "README.md";
const lines = (path: string) => read(path).trimEnd().split("\n").length;
const from = (path: string, link: string) => normalize(join(dirname(path), link)).replaceAll("\\", "/");

describe("the documents", () => {
  test("README.md has at most 150 lines, and CONTRIBUTING.md at most 40", () => {
    assert.ok(lines(README) <= 150, `${lines(README)}`);
    assert.ok(lines(".github/CONTRIBUTING.md") <= 40, `${lines(".github/CONTRIBUTING.md")}`);
  });

  test("every link leads to a file that is there, and every anchor to a heading", () => {
    const broken = documents().flatMap((path) =>
      relativeLinks(read(path))
        .filter((link) => {
          const [file = "", anchor] = link.split("#");
          const target = file === "" ? path : from(path, file);
          if (!isThere(target)) return true;
          return anchor !== undefined && !anchors(read(target)).includes(anchor);
        })
        .map((link) => `${path}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  test("README.md and the manual link to nothing that the package lacks", () => {
    const { files } = JSON.parse(read("package.json")) as { files: string[] };
    const isShipped = (path: string) =>
      files.some(
        (pattern) =>
          pattern === path ||
          path.startsWith(`${pattern}/`) ||
          (pattern.includes("*") &&
            new RegExp(`^${pattern.replaceAll(".", "\\.").replace("*", "[^/]*")}$`).test(path)),
      );
    const lacking = [README, "extensions/minimax-keychain/README.md"].flatMap((path) =>
      relativeLinks(read(path))
        .map((link) => from(path, link.split("#")[0] || path.split("/").at(-1) || ""))
        .filter((target) => !isShipped(target)),
    );
    assert.deepEqual(lacking, []);
  });

  test("package.json asks for the Node that OpenClaw asks for", () => {
    const asked = (path: string) => JSON.parse(read(path)).engines.node;
    assert.equal(asked("package.json"), asked("node_modules/openclaw/package.json"));
  });

  test("every file and folder that a document names is there", () => {
    const isPath = /^(?:src|extensions|fixtures|test|\.tools|\.ci|\.github)\/[\w./-]*$/;
    const gone = documents().flatMap((path) =>
      codeIn(read(path))
        .filter((code) => isPath.test(code) && !isThere(code) && !isThere(from(path, code)))
        .map((code) => `${path}: ${code}`),
    );
    assert.deepEqual(gone, []);
  });

  test("a file that CONTRIBUTING.md names as `x.ts` there lies in the folder named before it", () => {
    for (const cells of tableRows(section(read(".github/CONTRIBUTING.md"), "## What to change"))) {
      let folder = "";
      for (const code of codeIn(cells[1] ?? "")) {
        if (code.includes("/") && !code.includes("*"))
          folder = code.endsWith("/") ? code : `${dirname(code)}/`;
        else if (/^[\w-]+\.ts$/.test(code) && code !== "errors.ts")
          assert.ok(isThere(folder + code), folder + code);
      }
    }
  });
});

describe("the anchors of headings", () => {
  test("are GitHub's: lower case, without punctuation, numbered where they repeat", () => {
    const text =
      '# The doctor\'s codes\n## 10. "Unknown model"\n```bash\n# no heading\n```\n## `a_b` is — not\n# A\n# A\n';
    assert.deepEqual(anchors(text), ["the-doctors-codes", "10-unknown-model", "a_b-is--not", "a", "a-1"]);
  });
});
