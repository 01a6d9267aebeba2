import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import { DEADLINES, type Deadlines } from "../base/deadlines.ts";
import { AuthError, isAuthError } from "../base/error.ts";
import { quotable } from "../base/text.ts";
import { deadlineIn } from "../base/waiting.ts";
import type { AccountLock } from "../tokens/types.ts";
import { createPrivately } from "./database.ts";

const SQLITE_BUSY = 5;
const RETRY_MS = 25;

export interface LockOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  readonly deadlines?: Pick<Deadlines, "lockTime" | "wait">;
}

/**
 * A lock across processes, one for each account: a write transaction on a file of its own. The operating
 * system frees it when its owner dies, so there are no stale locks. It is not the state file's own
 * transaction, because an intent must be on disk before the call that it announces.
 *
 * When the time to keep it is over, the work's signal aborts, and the lock is kept until the work has ended: if
 * the lock were freed while work still runs, a late write could overwrite a newer one.
 */
export function createAccountLock(
  directory: string,
  { clock, random = Math.random, deadlines = DEADLINES }: LockOptions,
): AccountLock {
  return async (account, work) => {
    const database = await acquire(join(directory, `${account}.lock`), (opened) =>
      begin(opened, clock, random, deadlines.wait),
    );
    const lockTime = deadlineIn(deadlines.lockTime, { reason: lockTimedOut });
    try {
      return await work(lockTime.signal);
    } finally {
      lockTime.clear();
      // Closing rolls the empty transaction back, which frees the lock.
      database.close();
    }
  };
}

/** @throws AuthError `state_unavailable`, also for whatever the file system or SQLite has against the file */
async function acquire(path: string, take: (database: DatabaseSync) => Promise<void>): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    createPrivately(path);
    database = new DatabaseSync(path, { timeout: 0 });
    await take(database);
    return database;
  } catch (error) {
    database?.close();
    throw isAuthError(error) ? error : unusable(path, error);
  }
}

async function begin(database: DatabaseSync, clock: Clock, random: () => number, waitMs: number) {
  const until = clock.monotonic() + waitMs;
  for (;;) {
    try {
      database.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
      if (clock.monotonic() >= until) throw waitedTooLong(waitMs);
      await clock.sleep(RETRY_MS * (0.5 + random()));
    }
  }
}

function unusable(path: string, error: unknown): AuthError {
  const why = quotable(error instanceof Error ? error.message : String(error), 160);
  return new AuthError("state_unavailable", {
    what: `The plugin's lock file cannot be used (${why}).`,
    kept: "Your sign-in is kept.",
    next: `Check its owner and the free space: \`ls -la "${path}"\`.`,
    cause: error,
  });
}

function waitedTooLong(waitMs: number): AuthError {
  return new AuthError("state_unavailable", {
    what: `Another process has been refreshing the sign-in for over ${waitMs / 1000} s.`,
    kept: "Your sign-in is kept.",
    next: "Try again; if it stays so, look for a stuck `openclaw` process.",
  });
}

function lockTimedOut(): AuthError {
  return new AuthError("state_unavailable", {
    what: "A refresh took too long and was stopped so that other processes can continue.",
    kept: "Your sign-in is kept.",
    next: "Nothing to do: the next request tries again.",
  });
}
