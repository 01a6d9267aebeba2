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

/**
 * Aborts `ms` from now. A process that stood still over that moment (stopped with Ctrl-Z, paused with its
 * container, blocked) runs its timers before it reads what has arrived, and would throw away an answer that
 * is there; the deadline then gives it a little longer, once. Keeps no process alive.
 */
export function deadlineIn(ms: number, monotonic: () => number = () => performance.now()): Deadline {
  const over = new AbortController();
  const due = monotonic() + ms;
  const end = () => over.abort(new DOMException("The deadline is over.", "TimeoutError"));
  let timer = setTimeout(() => {
    if (monotonic() - due < STOOD_STILL_MS) return end();
    timer = setTimeout(end, GRACE_MS).unref();
  }, ms).unref();
  return { signal: over.signal, clear: () => clearTimeout(timer) };
}
