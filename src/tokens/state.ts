import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AuthError } from "../safety/error.ts";
import { quotable } from "../safety/foreign-text.ts";
import type { AccountState, StateFile } from "./ports.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS accounts (
    account TEXT PRIMARY KEY,
    store TEXT NOT NULL,
    region TEXT NOT NULL,
    generation_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    quarantined TEXT,
    intent TEXT
  ) STRICT;
  PRAGMA user_version = 1;
`;

interface Row {
  account: string;
  store: string;
  region: string;
  generation_id: string;
  expires_at: number;
  quarantined: string | null;
  intent: string | null;
}

/**
 * The state file `state.sqlite` in `directory` (0700; the file 0600). It holds no secret.
 * @throws AuthError `state_unavailable`
 */
export function openStateFile(directory: string): StateFile {
  const path = join(directory, "state.sqlite");
  // A damaged page may come to light with any statement.
  const guarded = <Args extends unknown[], Result>(work: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      try {
        return work(...args);
      } catch (error) {
        throw unavailable(path, error);
      }
    };
  };
  const database = guarded(open)(directory, path);
  const { select, upsert, intent, quarantine, move, remove } = statements(database);
  return {
    get: guarded((account: string) => fromRow(select.get(account) as Row | undefined)),
    put: guarded(({ account, store, region, generationId, expiresAt }: Parameters<StateFile["put"]>[0]) => {
      upsert.run(account, store, region, generationId, Math.round(expiresAt));
    }),
    moveTo: guarded((account, store) => void move.run(store, account)),
    setIntent: guarded((account, generation) => void intent.run(generation ?? null, account)),
    quarantine: guarded((account, generation) => void quarantine.run(generation, account)),
    delete: guarded((account) => void remove.run(account)),
    close: () => database.close(),
  };
}

function statements(database: DatabaseSync) {
  return {
    select: database.prepare("SELECT * FROM accounts WHERE account = ?"),
    upsert: database.prepare(
      `INSERT INTO accounts (account, store, region, generation_id, expires_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account) DO UPDATE SET store = excluded.store, region = excluded.region,
       generation_id = excluded.generation_id, expires_at = excluded.expires_at,
       quarantined = NULL, intent = NULL`,
    ),
    intent: database.prepare("UPDATE accounts SET intent = ? WHERE account = ?"),
    quarantine: database.prepare("UPDATE accounts SET quarantined = ?, intent = NULL WHERE account = ?"),
    move: database.prepare("UPDATE accounts SET store = ? WHERE account = ?"),
    remove: database.prepare("DELETE FROM accounts WHERE account = ?"),
  };
}

function open(directory: string, path: string): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path);
  try {
    chmodSync(path, 0o600);
    database.exec("PRAGMA busy_timeout = 2000");
    const version = database.prepare("PRAGMA user_version").get()?.user_version;
    if (version === 0) database.exec(SCHEMA);
    else if (version !== 1) throw new Error("made by a newer version of the plugin");
    statements(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function unavailable(path: string, error: unknown): AuthError {
  // SQLite quotes the schema of a damaged file.
  const why = quotable(error instanceof Error ? error.message : String(error));
  return new AuthError("state_unavailable", {
    what: `The plugin's state file cannot be used: ${path} (${why}).`,
    kept: "Your sign-in in the keychain is untouched.",
    next: `Check the folder's owner and free space, or move the file away: \`mv "${path}" "${path}.old"\`.`,
  });
}

function fromRow(row: Row | undefined): AccountState | undefined {
  if (!row) return undefined;
  const { account, store, region, generation_id } = row;
  // STRICT guards what is written; a damaged page may hold anything.
  const texts = [account, store, region, generation_id, row.quarantined ?? "", row.intent ?? ""];
  if (texts.some((text) => typeof text !== "string") || typeof row.expires_at !== "number") {
    throw new Error("it is damaged");
  }
  return {
    account: row.account,
    store: row.store,
    region: row.region,
    generationId: row.generation_id,
    expiresAt: row.expires_at,
    ...(row.quarantined ? { quarantined: row.quarantined } : {}),
    ...(row.intent ? { intent: row.intent } : {}),
  };
}
