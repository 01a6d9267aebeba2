import type { DatabaseSync } from "node:sqlite";
import { AuthError, type ErrorCode } from "../base/error.ts";
import { quotable } from "../base/text.ts";
import type { AccountState, Outcome, Pointer, StateFile } from "../tokens/types.ts";
import { identityOf, isDamaged, NewerState, openDatabase, openWatch } from "./database.ts";

/** Outcomes kept for each account. */
const KEPT = 20;

type Now<F> = F extends (...args: infer A) => infer R ? (...args: A) => Awaited<R> : never;

/** The state in its file, which answers at once. */
export type OpenState = { [Name in keyof StateFile]: Now<StateFile[Name]> } & {
  /** Records where a sign-in was found, unless something is recorded already. */
  putIfAbsent(pointer: Pointer): void;
  /** The names of all accounts, sorted. */
  accounts(): readonly string[];
  /** The last outcomes, newest first. */
  outcomes(account: string): readonly Outcome[];
  /** What became of the file itself, newest first; for the person. */
  notices(): readonly string[];
  /** Another value than before: something may have changed. Never waits. */
  version(): string;
  close(): void;
};

/**
 * The state file in `directory`, see `state-file.ts`. It holds no secret. A file that turns out damaged, or
 * that another process has set aside, is replaced by the next call.
 * @throws AuthError `state_unavailable`, here and from every method
 */
export function openStateFile(directory: string, now: () => number = Date.now): OpenState {
  const connect = () => {
    const database = openDatabase(directory, now);
    return { database, watch: openWatch(directory), identity: identityOf(directory), sql: prepare(database) };
  };
  let open: ReturnType<typeof connect> | undefined;
  let opened = 0;

  const close = () => {
    open?.watch.close();
    open?.database.close();
    open = undefined;
  };
  const connection = () => {
    if (open && open.identity !== identityOf(directory)) close();
    if (!open) opened++;
    open ??= connect();
    return open;
  };
  const run = <T>(work: (sql: Statements, database: DatabaseSync) => T): T => {
    try {
      const { sql, database } = connection();
      try {
        return work(sql, database);
      } catch (error) {
        if (!isDamaged(error)) throw error;
        close();
        const again = connection();
        return work(again.sql, again.database);
      }
    } catch (error) {
      throw unavailable(directory, error);
    }
  };
  /** `change` and its outcome in one transaction. */
  const change = (account: string, outcome: Outcome | undefined, work: (sql: Statements) => unknown) =>
    run((sql, database) => {
      if (!outcome) return void work(sql);
      database.exec("BEGIN IMMEDIATE");
      try {
        work(sql);
        sql.record.run(account, Math.round(outcome.at), outcome.code, Math.round(outcome.durationMs));
        sql.forget.run(account, account, KEPT);
        database.exec("COMMIT");
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    });

  // Fails now, and not at first use, when the directory cannot be used.
  run(() => {});
  let lastVersion = "";
  return {
    get: (account) => run((sql) => fromRow(sql.select.get(account) as Row | undefined)),
    put: (state, outcome) => change(state.account, outcome, (sql) => sql.upsert.run(toRow(state))),
    putIfAbsent: (pointer) => run((sql) => void sql.insert.run(toRow(pointer))),
    moveTo: (account, store) => run((sql) => void sql.move.run(store, account)),
    setIntent: (account, generation) => run((sql) => void sql.intent.run(generation, account)),
    quarantine: (account, generation, outcome) =>
      change(account, outcome, (sql) => sql.quarantine.run(generation, account)),
    fail: (account, { code, failures, failedAt, retryAt, retryExpiredAt }, endIntent, outcome) =>
      change(account, outcome, (sql) => {
        const times = [failedAt, retryAt, retryExpiredAt].map(Math.round);
        sql.fail.run(code, failures, ...times, endIntent ? 1 : 0, account);
      }),
    setHolder: (account, pid, outcome) => change(account, outcome, (sql) => sql.holder.run(pid, account)),
    delete: (account) => run((sql) => void sql.remove.run(account)),
    accounts: () => run((sql) => sql.accounts.all().map(({ account }) => String(account))),
    outcomes: (account) => run((sql) => sql.outcomes.all(account) as unknown as Outcome[]),
    notices: () => run((sql) => sql.notices.all().map(({ text }) => String(text))),
    version() {
      try {
        const version = connection().watch.prepare("PRAGMA data_version").get()?.data_version;
        lastVersion = `${opened}:${version}`;
      } catch {
        // Another process is writing: the next look sees it.
      }
      return lastVersion;
    },
    close,
  };
}

interface Row {
  account: string;
  store: string;
  region: string;
  generation_id: string;
  expires_at: number;
  quarantined: string | null;
  intent: string | null;
  held_by: number | null;
  recovered_at: number | null;
  trouble_code: string | null;
  failures: number;
  failed_at: number | null;
  retry_at: number | null;
  retry_expired_at: number | null;
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: DatabaseSync) {
  const insert = `INSERT INTO accounts (account, store, region, generation_id, expires_at, recovered_at)
    VALUES (:account, :store, :region, :generationId, :expiresAt, :recoveredAt)`;
  return {
    select: database.prepare("SELECT * FROM accounts WHERE account = ?"),
    accounts: database.prepare("SELECT account FROM accounts ORDER BY account"),
    insert: database.prepare(`${insert} ON CONFLICT (account) DO NOTHING`),
    upsert: database.prepare(
      `${insert} ON CONFLICT (account) DO UPDATE SET store = excluded.store, region = excluded.region,
         generation_id = excluded.generation_id, expires_at = excluded.expires_at,
         recovered_at = excluded.recovered_at, quarantined = NULL, intent = NULL, held_by = NULL,
         trouble_code = NULL, failures = 0`,
    ),
    intent: database.prepare("UPDATE accounts SET intent = ? WHERE account = ?"),
    quarantine: database.prepare(
      "UPDATE accounts SET quarantined = ?1, generation_id = ?1, intent = NULL, trouble_code = NULL, failures = 0 WHERE account = ?2",
    ),
    fail: database.prepare(
      `UPDATE accounts SET trouble_code = ?, failures = ?, failed_at = ?, retry_at = ?, retry_expired_at = ?,
         intent = CASE WHEN ? THEN NULL ELSE intent END WHERE account = ?`,
    ),
    holder: database.prepare("UPDATE accounts SET held_by = ? WHERE account = ?"),
    move: database.prepare("UPDATE accounts SET store = ? WHERE account = ?"),
    remove: database.prepare("DELETE FROM accounts WHERE account = ?"),
    record: database.prepare("INSERT INTO outcomes (account, at, code, duration_ms) VALUES (?, ?, ?, ?)"),
    forget: database.prepare(
      `DELETE FROM outcomes WHERE account = ? AND id <=
         (SELECT id FROM outcomes WHERE account = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    ),
    outcomes: database.prepare(
      "SELECT at, code, duration_ms AS durationMs FROM outcomes WHERE account = ? ORDER BY id DESC",
    ),
    notices: database.prepare("SELECT text FROM notices ORDER BY id DESC LIMIT 5"),
  };
}

function toRow({
  account,
  store,
  region,
  generationId,
  expiresAt,
  recoveredAt,
}: Parameters<StateFile["put"]>[0]) {
  const rounded = recoveredAt === undefined ? null : Math.round(recoveredAt);
  return { account, store, region, generationId, expiresAt: Math.round(expiresAt), recoveredAt: rounded };
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
    ...(row.held_by === null ? {} : { heldBy: row.held_by }),
    ...(row.recovered_at === null ? {} : { recoveredAt: row.recovered_at }),
    ...(row.trouble_code ? { trouble: troubleIn(row, row.trouble_code) } : {}),
  };
}

function troubleIn({ failures, failed_at, retry_at, retry_expired_at }: Row, code: string) {
  return {
    code: code as ErrorCode,
    failures,
    failedAt: failed_at ?? 0,
    retryAt: retry_at ?? 0,
    retryExpiredAt: retry_expired_at ?? 0,
  };
}

function unavailable(directory: string, error: unknown): AuthError {
  if (error instanceof NewerState) {
    return new AuthError("state_unavailable", {
      what: `A newer version of this plugin made the state in ${directory}; this version cannot read it.`,
      kept: "Nothing was changed, and your sign-in is kept.",
      next: "Install the newer version here as well, then run: openclaw plugins list",
    });
  }
  // SQLite quotes the schema of a damaged file.
  const why = quotable(error instanceof Error ? error.message : String(error));
  return new AuthError("state_unavailable", {
    what: `The plugin's state in ${directory} cannot be used (${why}).`,
    kept: "Your sign-in in the keychain is untouched.",
    next: `Check the folder's owner and free space: \`ls -la "${directory}"\`.`,
  });
}
