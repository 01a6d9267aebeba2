import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { compact } from "../../../extensions/minimax-keychain/import/compact.ts";

test("what was deleted from a database is in none of its files, while others have it open", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "compact-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "a.sqlite");
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  const secret = "a-deleted-token-".repeat(200);
  other.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT)");
  other.prepare("INSERT INTO t VALUES (?), ('kept')").run(secret);
  other.prepare("DELETE FROM t WHERE x = ?").run(secret);
  const traces = () =>
    readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes("a-deleted-token-"));
  assert.notDeepEqual(traces(), []);
  compact(path);
  assert.deepEqual(traces(), []);
  assert.deepEqual(
    other
      .prepare("SELECT x FROM t")
      .all()
      .map(({ x }) => x),
    ["kept"],
  );
});

test("a database that is not there is nothing to compact", () => {
  assert.doesNotThrow(() => compact("/nowhere/a.sqlite"));
});
