import type { Clock } from "../base/clock.ts";
import { type AuthError, isAuthError } from "../base/error.ts";

export interface RetryUnlockOptions {
  readonly clock: Clock;
  /** Ends the wait; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Told when waiting begins, and again when its reason becomes another one. */
  readonly onWait?: (reason: AuthError) => void;
  readonly platform?: NodeJS.Platform;
}

const FIRST_DELAY_MS = 1000;
/** On Linux asking again shows no prompt and costs 3 ms (`keychain/dbus/locked.ts`). */
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
  let told: string | undefined;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    signal.throwIfAborted();
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (told !== error.code) onWait?.(error);
      told = error.code;
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
