import type { Clock } from "../safety/clock.ts";
import { type AuthError, isAuthError } from "../safety/error.ts";
import type { LiveToken } from "./memory.ts";
import { retryUntilUnlocked } from "./retry-unlock.ts";
import { timeLeft, windowMs } from "./window.ts";

export interface KeepFreshOptions {
  readonly token: () => Promise<LiveToken>;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** A token that was not there before. */
  readonly onToken: (token: LiveToken) => void;
  /** Why there is none; told once for each cause, until there is one again. */
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
  let told: string | undefined;
  const tell = (error: unknown) => {
    const cause = isAuthError(error) ? error.code : "unknown";
    if (cause !== told) onTrouble(error);
    told = cause;
    known = undefined;
  };
  while (!signal.aborted) {
    let pauseMs: number;
    try {
      const live = await retryUntilUnlocked(token, { clock, signal, onWait: tell });
      if (live !== known) onToken(live);
      known = live;
      told = undefined;
      pauseMs = msToLook(live, clock.now());
    } catch (error) {
      if (signal.aborted) return;
      tell(error);
      pauseMs = isAuthError(error) ? troublePause(error) : LONGEST_TROUBLE_MS;
    }
    await clock.sleep(pauseMs, signal).catch(() => {});
  }
}

/** Until the token becomes due, within the bounds above. */
function msToLook(live: LiveToken, now: number): number {
  const msToDue = timeLeft(live, now) - windowMs(live);
  return Math.min(LOOK_MS, Math.max(SOONEST_LOOK_MS, msToDue));
}

function troublePause({ text }: AuthError): number {
  const asked = (text.retryAfterSeconds ?? 0) * 1000;
  return Math.min(LONGEST_TROUBLE_MS, Math.max(TROUBLE_MS, asked));
}
