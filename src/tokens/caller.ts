import type { Clock } from "../base/clock.ts";
import { waitedInVain } from "./messages.ts";

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
