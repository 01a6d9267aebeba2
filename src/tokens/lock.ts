import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../safety/clock.ts";
import { AuthError } from "../safety/error.ts";
import { DEADLINES } from "./deadlines.ts";
import type { AccountLock } from "./ports.ts";

const SQLITE_BUSY = 5;
const RETRY_MS = 25;

/**
 * A lock across processes, one for each account: a write transaction on a file of its own. The operating
 * system frees it when its owner dies, so there are no stale locks. It is not the state file's own
 * transaction, because an intent must be on disk before the call that it announces.
 */
export function createAccountLock(
  directory: string,
  clock: Clock,
  random: () => number = Math.random,
): AccountLock {
  return async (account, work) => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(join(directory, `${account}.lock`));
    try {
      database.exec("PRAGMA busy_timeout = 0");
      await begin(database, clock, random);
      return await work();
    } finally {
      // Closing rolls the empty transaction back, which frees the lock.
      database.close();
    }
  };
}

async function begin(database: DatabaseSync, clock: Clock, random: () => number): Promise<void> {
  const until = clock.now() + DEADLINES.wait;
  for (;;) {
    try {
      database.exec("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
      if (clock.now() >= until) throw waitedTooLong();
      await clock.sleep(RETRY_MS * (0.5 + random()));
    }
  }
}

function waitedTooLong(): AuthError {
  return new AuthError("state_unavailable", {
    what: `Another process has been refreshing the sign-in for over ${DEADLINES.wait / 1000} s.`,
    kept: "Your sign-in is kept.",
    next: "Try again; if it stays so, look for a stuck `openclaw` process.",
  });
}
