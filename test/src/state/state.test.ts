import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { createAccountLock } from "../../../src/state/lock.ts";
import { openStateFile } from "../../../src/state/state.ts";
import type { Outcome } from "../../../src/tokens/types.ts";
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

const OUTCOME: Outcome = { at: 1_800_000_000_000, code: "refreshed", durationMs: 12 };

/** A file in the state's place that cannot be used. */
const UNUSABLE: [string, RegExp, (file: string) => void][] = [
  [
    "no database",
    /not a database/,
    (file) => writeFileSync(file, "no database, but long enough ".repeat(99)),
  ],
  ["a table is missing", /no such table/, (file) => withDatabase(file, "PRAGMA user_version = 2")],
  [
    "a page is damaged",
    /damaged|malformed/,
    (file) => {
      withDatabase(file, "CREATE TABLE accounts (a); INSERT INTO accounts VALUES (hex(zeroblob(9000)))");
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0xff, 4096, 8000));
    },
  ],
];

function withDatabase(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

for (const [name, why, make] of UNUSABLE) {
  test(`${name}: set aside under a name with the time, said, and a new one begun`, (t) => {
    const path = directory(t);
    make(join(path, "state.sqlite"));
    const before = readFileSync(join(path, "state.sqlite"));
    const state = openStateFile(path, () => OUTCOME.at);
    t.after(() => state.close());
    assert.equal(state.get("default"), undefined);
    assert.match(state.notices()[0] ?? "", why);
    const aside = readdirSync(path).filter((file) => file.includes("set-aside"));
    assert.deepEqual(aside, ["state.sqlite.set-aside-2027-01-15T08-00-00-000Z"]);
    assert.deepEqual(readFileSync(join(path, aside[0] ?? "")), before);
    state.put(ROW);
    const next = openStateFile(path);
    t.after(() => next.close());
    assert.deepEqual([next.get("default"), next.notices().length], [ROW, 1]);
  });
}

test("a newer plugin's: left as it is, with the advice to update, however often it is opened", (t) => {
  const path = directory(t);
  withDatabase(join(path, "state.sqlite"), "PRAGMA user_version = 99");
  for (let i = 0; i < 3; i++) {
    assert.throws(
      () => openStateFile(path),
      (error: Error) => authError("state_unavailable")(error) && /newer version/.test(error.message),
    );
  }
  assert.deepEqual(readdirSync(path), ["state.sqlite"]);
});

test("an account named repair does not keep a damaged file from being repaired", async (t) => {
  const path = directory(t);
  writeFileSync(join(path, "state.sqlite"), "no database, but long enough ".repeat(99));
  await createAccountLock(path, { clock: systemClock })("repair", async () => {
    const state = openStateFile(path);
    t.after(() => state.close());
    assert.equal(state.notices().length, 1);
  });
});

test("a process that has the file open goes over to the new one when another sets it aside", (t) => {
  const path = directory(t);
  const state = openStateFile(path);
  t.after(() => state.close());
  state.put(ROW);
  const version = state.version();
  renameSync(join(path, "state.sqlite"), join(path, "aside"));
  const other = openStateFile(path);
  t.after(() => other.close());
  other.put({ ...ROW, generationId: "g7" });
  assert.notEqual(state.version(), version);
  assert.equal(state.get("default")?.generationId, "g7");
});

test("the file of the version before is brought up to date, and keeps its rows", (t) => {
  const path = directory(t);
  withDatabase(
    join(path, "state.sqlite"),
    `CREATE TABLE accounts (account TEXT PRIMARY KEY, store TEXT NOT NULL, region TEXT NOT NULL,
       generation_id TEXT NOT NULL, expires_at INTEGER NOT NULL, quarantined TEXT, intent TEXT) STRICT;
     INSERT INTO accounts VALUES ('default', 'keytar', 'cn', 'g1', 1800000000000, NULL, 'g1');
     PRAGMA user_version = 1`,
  );
  const state = openStateFile(path);
  t.after(() => state.close());
  assert.deepEqual(state.get("default"), { ...ROW, intent: "g1" });
  assert.deepEqual(state.notices(), []);
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
  const trouble = {
    code: "portal_unavailable",
    failures: 3,
    failedAt: 5,
    retryAt: 9,
    retryExpiredAt: 7,
  } as const;
  other.fail("default", trouble, false, OUTCOME);
  other.setHolder("default", 4711, OUTCOME);
  assert.deepEqual(one.get("default"), { ...ROW, intent: "g1", trouble, heldBy: 4711 });
  other.fail("default", trouble, true, OUTCOME);
  assert.equal(one.get("default")?.intent, undefined);
  other.put({ ...ROW, recoveredAt: 6 });
  assert.deepEqual(one.get("default"), { ...ROW, recoveredAt: 6 });
  other.put(ROW);
  other.quarantine("default", "g1", OUTCOME);
  assert.deepEqual(one.get("default"), { ...ROW, quarantined: "g1" });
  other.put({ ...ROW, generationId: "g2" });
  assert.deepEqual(one.get("default"), { ...ROW, generationId: "g2" });
  one.delete("default");
  assert.equal(other.get("default"), undefined);
});

test("what is known already is not overwritten by what a search found", (t) => {
  const state = openStateFile(directory(t));
  t.after(() => state.close());
  state.putIfAbsent(ROW);
  state.setIntent("default", "g1");
  state.putIfAbsent({ ...ROW, store: "encrypted-file" });
  assert.deepEqual(state.get("default"), { ...ROW, intent: "g1" });
});

test("the last twenty outcomes of each account are kept, newest first", (t) => {
  const state = openStateFile(directory(t));
  t.after(() => state.close());
  for (let at = 1; at <= 25; at++) state.put(ROW, { ...OUTCOME, at });
  state.put({ ...ROW, account: "work" }, OUTCOME);
  const kept = state.outcomes("default").map(({ at }) => at);
  assert.deepEqual(
    kept,
    Array.from({ length: 20 }, (_, index) => 25 - index),
  );
  assert.deepEqual({ ...state.outcomes("work")[0] }, OUTCOME);
});

test("a change by another process shows, and costs next to nothing to look for", (t) => {
  const path = directory(t);
  const [one, other] = [openStateFile(path), openStateFile(path)];
  t.after(() => [one, other].forEach((state) => void state.close()));
  const before = one.version();
  assert.equal(one.version(), before);
  other.put(ROW);
  assert.notEqual(one.version(), before);
});
