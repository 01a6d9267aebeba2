import { KEPT } from "../tokens/messages.ts";
import type { Clock } from "./clock.ts";
import { AuthError } from "./error.ts";

/** A deadline that fires later than this after its time did not fire while the process was running, ms. */
const STOOD_STILL_MS = 1_000;

/** What an answer that came meanwhile is given to be read, ms. */
const GRACE_MS = 2_000;

export interface Deadline {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Ends the deadline before its time. */
  readonly clear: () => void;
}

export interface DeadlineOptions {
  /** What the signal aborts with; without it a DOMException named TimeoutError. */
  readonly reason?: () => unknown;
  /** Monotonic, ms. */
  readonly monotonic?: () => number;
}

/**
 * Aborts `ms` from now. A process runs its timers before it reads what has arrived, and would throw away an
 * answer that is there: one turn of the loop reads it before the deadline counts. A process that stood still
 * over that moment (stopped with Ctrl-Z, paused with its container, blocked) may have to read, ask and read
 * again; the deadline then gives it a little longer, once. Keeps no process alive.
 */
export function deadlineIn(ms: number, options: DeadlineOptions = {}): Deadline {
  const { reason = timeoutError, monotonic = () => performance.now() } = options;
  const over = new AbortController();
  const due = monotonic() + ms;
  let turn: NodeJS.Immediate | undefined;
  const end = () => {
    turn = setImmediate(() => over.abort(reason()));
  };
  let timer = setTimeout(() => {
    if (monotonic() - due < STOOD_STILL_MS) return end();
    timer = setTimeout(end, GRACE_MS).unref();
  }, ms).unref();
  const clear = () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
  return { signal: over.signal, clear };
}

const timeoutError = () => new DOMException("The deadline is over.", "TimeoutError");

export function waitedInVain(ms: number): AuthError {
  return new AuthError("token_timed_out", {
    what: `No token was ready within ${ms / 1000} s; the refresh goes on.`,
    kept: KEPT,
    next: "Nothing to do: the next request finds its outcome.",
  });
}

/** How long one caller waits; the refresh that it waits for goes on without it. */
export interface Patience {
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the wait after so many ms, with AuthError `token_timed_out`. */
  readonly deadlineMs?: number | undefined;
}

/** `work`'s outcome, or the end of the caller's patience. */
export async function within<T>(
  work: Promise<T>,
  { signal, deadlineMs }: Patience,
  clock: Pick<Clock, "sleep">,
): Promise<T> {
  const done = new AbortController();
  const waits: Promise<T>[] = [work];
  if (signal) waits.push(aborted(signal, done.signal));
  if (deadlineMs !== undefined) {
    waits.push(clock.sleep(deadlineMs, done.signal).then(() => Promise.reject(waitedInVain(deadlineMs))));
  }
  try {
    return await Promise.race(waits);
  } finally {
    done.abort();
    for (const wait of waits) wait.catch(() => {});
  }
}

function aborted(signal: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: done });
  });
}
