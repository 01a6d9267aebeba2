import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AuthError } from "../safety/error.ts";
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
  const database = open(directory);
  const select = database.prepare("SELECT * FROM accounts WHERE account = ?");
  const upsert = database.prepare(
    `INSERT INTO accounts (account, store, region, generation_id, expires_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account) DO UPDATE SET store = excluded.store, region = excluded.region,
       generation_id = excluded.generation_id, expires_at = excluded.expires_at,
       quarantined = NULL, intent = NULL`,
  );
  const intent = database.prepare("UPDATE accounts SET intent = ? WHERE account = ?");
  const quarantine = database.prepare("UPDATE accounts SET quarantined = ?, intent = NULL WHERE account = ?");
  const remove = database.prepare("DELETE FROM accounts WHERE account = ?");
  return {
    get: (account) => fromRow(select.get(account) as Row | undefined),
    put: ({ account, store, region, generationId, expiresAt }) => {
      upsert.run(account, store, region, generationId, Math.round(expiresAt));
    },
    setIntent: (account, generation) => void intent.run(generation ?? null, account),
    quarantine: (account, generation) => void quarantine.run(generation, account),
    delete: (account) => void remove.run(account),
    close: () => database.close(),
  };
}

function open(directory: string): DatabaseSync {
  const path = join(directory, "state.sqlite");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(path);
    chmodSync(path, 0o600);
    database.exec("PRAGMA busy_timeout = 2000");
    const version = database.prepare("PRAGMA user_version").get()?.user_version;
    if (version === 0) database.exec(SCHEMA);
    else if (version !== 1) throw new Error("made by a newer version of the plugin");
    return database;
  } catch (error) {
    throw new AuthError("state_unavailable", {
      what: `The plugin's state file cannot be used: ${path} (${(error as Error).message}).`,
      kept: "Your sign-in in the keychain is untouched.",
      next: `Check the folder's owner and free space, or move the file away: \`mv "${path}" "${path}.old"\`.`,
    });
  }
}

function fromRow(row: Row | undefined): AccountState | undefined {
  if (!row) return undefined;
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
