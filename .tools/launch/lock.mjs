import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** The owner shows every second that it lives; silent for this long, in ms, it is taken for dead. */
const SILENCE_MS = 15_000;
const BEAT_MS = 1_000;
const CHECK_AGAIN_MS = 200;

/**
 * Does `work` while no other process does work under the lock of the same folder.
 * @template T
 * @param {string} folder made when missing
 * @param {() => Promise<T>} work
 * @param {{ silenceMs?: number, say?: (line: string) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(folder, work, { silenceMs = SILENCE_MS, say = console.error } = {}) {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, "lock");
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  await take(lock, owner, silenceMs, say);
  const beat = setInterval(() => touch(lock), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (read(lock)?.owner === owner) rmSync(lock, { force: true });
  }
}

/** @param {string} lock @param {string} owner @param {number} silenceMs @param {(line: string) => void} say */
async function take(lock, owner, silenceMs, say) {
  /** @type {{ owner: string, beat: number, since: number } | undefined} */
  let seen;
  while (!create(lock, owner)) {
    const now = read(lock);
    if (now === undefined) continue; // released just now
    if (seen === undefined) say("Waiting for another start of this project to finish its preparations …");
    // Measured with our own clock, and only while we watch: a suspended machine does not age the owner.
    if (seen?.owner !== now.owner || seen.beat !== now.beat) seen = { ...now, since: performance.now() };
    if (isDead(now.owner) || performance.now() - seen.since > silenceMs) takeAway(lock, now.owner);
    await sleep(CHECK_AGAIN_MS);
  }
}

/** Makes the lock, or returns false when there is one. @param {string} lock @param {string} owner */
function create(lock, owner) {
  try {
    writeFileSync(lock, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** @param {string} lock */
function read(lock) {
  try {
    return { owner: readFileSync(lock, "utf8"), beat: statSync(lock).mtimeMs };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Removes a dead owner's lock, unless it has changed hands meanwhile. @param {string} lock @param {string} owner */
function takeAway(lock, owner) {
  const aside = `${lock}-${randomUUID()}`;
  try {
    renameSync(lock, aside);
    const taken = read(aside)?.owner;
    if (taken !== undefined && taken !== owner) create(lock, taken);
  } catch {
    // Another process was faster; the next look at the lock tells.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} lock */
function touch(lock) {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // Without a beat the lock may be taken away; the work itself is not the worse for it.
  }
}

/**
 * Whether the process that wrote this owner's note is known to be gone. A process of another machine
 * or container cannot be looked up.
 * @param {string} owner
 */
export function isDead(owner) {
  try {
    const { pid, host } = JSON.parse(owner);
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}

/** @param {unknown} error @param {string} code */
function hasCode(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}
