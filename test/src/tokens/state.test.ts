import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { openStateFile } from "../../../src/tokens/state.ts";
import { authError } from "../../support/auth-error.ts";

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "state-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const ROW = {
  account: "default",
  store: "keytar",
  region: "cn",
  generationId: "g1",
  expiresAt: 1_800_000_000_000,
};

test("a file that is no database, or a newer plugin's, is named and left alone", (t) => {
  const damaged = directory(t);
  writeFileSync(
    join(damaged, "state.sqlite"),
    "not a database, but long enough to be read as one".repeat(40),
  );
  assert.throws(() => openStateFile(damaged), authError("state_unavailable"));

  const newer = directory(t);
  const database = new DatabaseSync(join(newer, "state.sqlite"));
  database.exec("PRAGMA user_version = 2");
  database.close();
  assert.throws(() => openStateFile(newer), authError("state_unavailable"));
});

test("a state folder that cannot be made is named", (t) => {
  const file = join(directory(t), "file");
  writeFileSync(file, "");
  assert.throws(() => openStateFile(join(file, "below")), authError("state_unavailable"));
});

test("folder and file are the user's alone", { skip: process.platform === "win32" && "POSIX only" }, (t) => {
  const path = join(directory(t), "deep", "state");
  openStateFile(path).close();
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(join(path, "state.sqlite")).mode & 0o777, 0o600);
});

test("what one process records another one reads", (t) => {
  const path = directory(t);
  const [one, other] = [openStateFile(path), openStateFile(path)];
  t.after(() => [one, other].forEach((state) => void state.close()));
  one.put(ROW);
  assert.deepEqual(other.get("default"), ROW);
  assert.equal(other.get("work"), undefined);
  other.setIntent("default", "g1");
  assert.equal(one.get("default")?.intent, "g1");
  other.quarantine("default", "g1");
  assert.deepEqual(one.get("default"), { ...ROW, quarantined: "g1" });
  other.put({ ...ROW, generationId: "g2" });
  assert.deepEqual(one.get("default"), { ...ROW, generationId: "g2" });
  one.delete("default");
  assert.equal(other.get("default"), undefined);
});
