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

/** How long one caller waits; what it waits for goes on without it. */
export interface WaitOptions {
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** `work`'s outcome, or the signal's reason as soon as that aborts. The work itself goes on. */
export function orGiveUp<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
