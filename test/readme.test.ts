import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

const root = dirname(import.meta.dirname);
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Row {
  readonly section: string;
  readonly type: string;
  readonly proofs: readonly { readonly file: string; readonly name: string }[];
}

/** The table of the document's sections. */
function rows(): Row[] {
  const [, part = ""] = read("README.md").split("### Every way of using MiniMax\n");
  const lines = (part.split("\n### ")[0] ?? "").split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(1).map((line) => {
    const [section = "", type = "", , proven = ""] = line.slice(1, -1).split(" | ");
    const proofs = proven.split("<br>").map((proof) => {
      const [, file = "", name = ""] = /^`([^`]+)`: (.+)$/.exec(proof.trim()) ?? [];
      return { file, name };
    });
    return { section: section.trim(), type, proofs };
  });
}

test("the README has one row for each section of the customer's document", () => {
  assert.deepEqual(
    rows().map(({ section }) => Number.parseInt(section, 10)),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
});

test("every row names tests that exist, by file and name", () => {
  for (const { section, proofs } of rows()) {
    for (const { file, name } of proofs) {
      assert.ok(
        file !== "" && existsSync(join(root, file)),
        `${section}: there is no ${file || "test file named"}`,
      );
      assert.ok(read(file).includes(`test("${name}"`), `${section}: ${file} has no test "${name}"`);
    }
  }
});

test("every preset and command that a row tells to type is there", () => {
  const commands = rows().flatMap(({ type }) => type.match(/minimax-portal preset [a-z-]+/g) ?? []);
  const presets = read("extensions/minimax-keychain/presets/presets.ts");
  assert.ok(commands.length >= 3);
  for (const command of commands) assert.ok(presets.includes(`"${command.split(" ").at(-1)}"`), command);
});

test("the troubleshooting table has a row for every error code", () => {
  const [, union = ""] = /export type ErrorCode =(.*?);/s.exec(read("src/base/error.ts")) ?? [];
  const codes = [...union.matchAll(/"([a-z_]+)"/g)].map(([, code = ""]) => code);
  const [, part = ""] = read("README.md").split("## Troubleshooting\n");
  const [table = ""] = part.split("\n\n**");
  assert.ok(codes.length > 40);
  assert.deepEqual(
    codes.filter((code) => !table.includes(`\`${code}\``)),
    [],
  );
});
