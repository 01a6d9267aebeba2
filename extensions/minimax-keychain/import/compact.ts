import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const BUSY_MS = 5_000;

/**
 * Rewrites a SQLite file so that no freed page keeps what was deleted (SQLite's docs, "VACUUM"): OpenClaw's
 * databases do not overwrite what they delete. Rows stay as they are, and other processes may have it open.
 * @throws Error while another process is writing
 */
export function compact(path: string): void {
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    database.exec("VACUUM");
    // The copy in the log goes as well.
    const { busy } = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() ?? {};
    if (busy !== 0)
      throw new Error("the login is deleted, but OpenClaw's database keeps a trace of it while it is in use");
  } finally {
    database.close();
  }
}
