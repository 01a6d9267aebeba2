import { chmodSync, closeSync, mkdirSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** One step for each `user_version`; steps are only ever added. */
const MIGRATIONS = [
  `CREATE TABLE accounts (
     account TEXT PRIMARY KEY,
     store TEXT NOT NULL,
     region TEXT NOT NULL,
     generation_id TEXT NOT NULL,
     expires_at INTEGER NOT NULL,
     quarantined TEXT,
     intent TEXT
   ) STRICT`,
  `ALTER TABLE accounts ADD COLUMN held_by INTEGER;
   ALTER TABLE accounts ADD COLUMN recovered_at INTEGER;
   ALTER TABLE accounts ADD COLUMN trouble_code TEXT;
   ALTER TABLE accounts ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE accounts ADD COLUMN failed_at INTEGER;
   ALTER TABLE accounts ADD COLUMN retry_at INTEGER;
   ALTER TABLE accounts ADD COLUMN retry_expired_at INTEGER;
   CREATE TABLE outcomes (
     id INTEGER PRIMARY KEY,
     account TEXT NOT NULL,
     at INTEGER NOT NULL,
     code TEXT NOT NULL,
     duration_ms INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE notices (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT`,
];

const BUSY_MS = 2_000;
const FILE = "state.sqlite";
/** No account can have this name, and with it its lock file. */
const REPAIR_LOCK = ".repair.lock";

/** SQLite's primary result codes that speak of the file's content: ERROR (a table is missing), CORRUPT, NOTADB. */
const DAMAGED = new Set([1, 11, 26]);

class Unusable extends Error {}

/** The file is whole, and of a later version of the plugin than this one: it is left as it is. */
export class NewerState extends Error {}

/** Whether SQLite reports a fault in the file's content, and not in its surroundings. */
export function isDamaged(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return error instanceof Unusable || (errcode !== undefined && DAMAGED.has(errcode & 0xff));
}

/**
 * Opens `state.sqlite` in `directory` (0700; the file 0600), made or brought up to date if needed. A file
 * that is damaged is set aside under a name with the time: everything in it can be had again from the keychain.
 * @throws NewerState; Error of the file system or SQLite when the directory cannot be used
 */
export function openDatabase(directory: string, now: () => number): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    return openChecked(directory);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return repair(directory, now);
  }
}

/** The file's identity, to notice that another process has set it aside. */
export function identityOf(directory: string): string | undefined {
  const found = statSync(join(directory, FILE), { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/** A connection that is only asked whether others have changed something; it never waits. */
export function openWatch(directory: string): DatabaseSync {
  return new DatabaseSync(join(directory, FILE), { readOnly: true, timeout: 0 });
}

/** Makes an empty file that only its owner can read, before SQLite would make one that others can. */
export function createPrivately(path: string): void {
  // Never opens a file that is there: closing it would drop this process's SQLite locks on it (POSIX).
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    chmodSync(path, 0o600);
  }
}

function openChecked(directory: string): DatabaseSync {
  const path = join(directory, FILE);
  createPrivately(path);
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    const check = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (check !== "ok") throw new Unusable("it is damaged");
    migrate(database);
    // Fails, as damaged, where a table is not the one that the version promises.
    database.prepare("SELECT retry_expired_at FROM accounts, (SELECT text FROM notices), outcomes");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync): void {
  const version = () => Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version() === MIGRATIONS.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    // Asked again inside the transaction: another process may have done it meanwhile.
    const from = version();
    if (from > MIGRATIONS.length) throw new NewerState("a newer version of the plugin made it");
    for (const step of MIGRATIONS.slice(from)) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function repair(directory: string, now: () => number): DatabaseSync {
  const lock = join(directory, REPAIR_LOCK);
  createPrivately(lock);
  const turn = new DatabaseSync(lock, { timeout: BUSY_MS });
  try {
    // One process at a time, or the second would set the first one's new file aside.
    turn.exec("BEGIN IMMEDIATE");
    try {
      return openChecked(directory);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      return replace(directory, now(), (error as Error).message);
    }
  } finally {
    turn.close();
  }
}

function replace(directory: string, now: number, why: string): DatabaseSync {
  const time = new Date(now).toISOString().replace(/[:.]/g, "-");
  const aside = `${FILE}.set-aside-${time}`;
  renameSync(join(directory, FILE), join(directory, aside));
  const database = openChecked(directory);
  const text = `The state file could not be used (${why}) and was set aside as ${aside}. No sign-in is lost: it is in the keychain.`;
  database.prepare("INSERT INTO notices (at, text) VALUES (?, ?)").run(now, text);
  return database;
}
