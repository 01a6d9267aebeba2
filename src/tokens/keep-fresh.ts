import type { Clock } from "../base/clock.ts";
import { type AuthError, isAuthError } from "../base/error.ts";
import { timeLeft, windowMs } from "./lifetime.ts";
import type { LiveToken } from "./session-memory.ts";

export interface KeepFreshOptions {
  readonly token: () => Promise<LiveToken>;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** A token that was not there before. */
  readonly onToken: (token: LiveToken) => void;
  /** Why there is none; reported once for each cause, until there is one again. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * The longest time between two looks, ms. A timer stands still while the machine sleeps, and says nothing
 * of a clock that was set, of another process's sign-in, or of a refusal that a request of this process met;
 * a look finds all of them and costs microseconds.
 */
const LOOK_MS = 5_000;

const SOONEST_LOOK_MS = 1_000;

/** How often to look for the end of a trouble. Where it needs a person, looking stays on this machine. */
const TROUBLE_MS = 5_000;

/**
 * MiniMax is asked more and more rarely, down to this. Each failure makes the next request wait longer, so a
 * gateway that asked often would slow down its own people.
 */
const LONGEST_TROUBLE_MS = 60_000;

/**
 * Keeps an account's token fresh until `signal` aborts: asks for it in time, so that each refresh runs behind
 * a valid token and no request waits for one. A keychain that is locked or not there yet is waited for.
 */
export async function keepFresh({
  token,
  clock,
  signal,
  onToken,
  onTrouble,
}: KeepFreshOptions): Promise<void> {
  let known: LiveToken | undefined;
  let reported: string | undefined;
  let failures = 0;
  const tell = (error: unknown) => {
    const cause = isAuthError(error) ? error.code : "unknown";
    if (cause !== reported) onTrouble(error);
    reported = cause;
    known = undefined;
  };
  while (!signal.aborted) {
    let pauseMs: number;
    try {
      const live = await retryUntilUnlocked(token, { clock, signal, onWait: tell });
      if (live !== known) onToken(live);
      known = live;
      reported = undefined;
      failures = 0;
      pauseMs = msToLook(live, clock.now());
    } catch (error) {
      if (signal.aborted) return;
      tell(error);
      pauseMs = isAuthError(error) ? troublePause(error, ++failures) : LONGEST_TROUBLE_MS;
    }
    await clock.sleep(pauseMs, signal).catch(() => {});
  }
}

/** Until the token becomes due, within the bounds above. */
function msToLook(live: LiveToken, now: number): number {
  const msToDue = timeLeft(live, now) - windowMs(live);
  return Math.min(LOOK_MS, Math.max(SOONEST_LOOK_MS, msToDue));
}

function troublePause({ code, text }: AuthError, failures: number): number {
  const asked = (text.retryAfterSeconds ?? 0) * 1000;
  const own = /^(portal|answer)_/.test(code) ? TROUBLE_MS * 2 ** (failures - 1) : TROUBLE_MS;
  return Math.min(LONGEST_TROUBLE_MS, Math.max(own, asked));
}

export interface RetryUnlockOptions {
  readonly clock: Clock;
  /** Ends the wait; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Told when waiting begins, and again when its reason becomes another one. */
  readonly onWait?: (reason: AuthError) => void;
  readonly platform?: NodeJS.Platform;
}

const FIRST_DELAY_MS = 1000;

/** On Linux asking again shows no prompt and costs 3 ms (`keychain/os/dbus/locked.ts`). */
const QUIET_DELAY_MS = 4000;

/** Elsewhere each attempt may show a prompt, and one that finds no keychain starts a process. */
const LONGEST_DELAY_MS = 60_000;

/**
 * Runs `read` until the keychain can be read: at once, then after 1, 2 and 4 s, then every 4 s while a
 * Linux keyring is locked, else ever more slowly, at last once a minute. So a gateway that starts before
 * its person logs in has the sign-in within seconds of the keyring's unlocking, and never shows more than
 * one prompt for it.
 * @throws whatever `read` throws that unlocking would not change, `sign_in_required` for one
 */
export async function retryUntilUnlocked<T>(
  read: () => Promise<T>,
  { clock, signal, onWait, platform = process.platform }: RetryUnlockOptions,
): Promise<T> {
  let reported: string | undefined;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    signal.throwIfAborted();
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (reported !== error.code) onWait?.(error);
      reported = error.code;
      if (error.code === "keychain_locked" && platform === "linux") delay = Math.min(delay, QUIET_DELAY_MS);
    }
    await clock.sleep(delay, signal);
  }
}

/** A keyring that is locked, silent, or not yet there, as at the start of a session. */
function isPassing(error: unknown): error is AuthError {
  return isAuthError(
    error,
    "keychain_locked",
    "keychain_timed_out",
    "keychain_unavailable",
    "keychain_item_missing",
  );
}
