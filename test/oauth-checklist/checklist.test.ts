import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ROWS } from "./rows.ts";

const root = dirname(dirname(import.meta.dirname));
const sources = globSync("test/**/*.test.ts", { cwd: root }).map((path) => ({
  path: path.replaceAll("\\", "/"),
  text: readFileSync(join(root, path), "utf8"),
}));

/** The test files with a test whose name starts with `id`, also one whose name stands in a table. */
const provenIn = (id: string) =>
  sources.filter(({ text }) => new RegExp(`["'\`]${id} `).test(text)).map(({ path }) => path);

for (const [id, source, requirement] of ROWS) {
  test(`checklist ${id} (${source}): ${requirement}`, (t) => {
    const files = provenIn(id);
    assert.notEqual(files.length, 0, `No test's name starts with "${id} ".`);
    for (const file of files) t.diagnostic(`${id} ${file}`);
  });
}

test("the checklist in figures", (t) => {
  const proven = ROWS.filter(([id]) => provenIn(id).length > 0).length;
  t.diagnostic(
    `OAuth checklist: ${proven} of ${ROWS.length} rows have tests (${Math.floor((100 * proven) / ROWS.length)} %)`,
  );
  assert.equal(proven, ROWS.length);
});
