/**
 * Runs `work` with a signal that aborts after `deadlineMs`, with the reason `late()` gives, or together
 * with `signal`, with that signal's reason. `work` must reject with the reason when it aborts.
 */
export async function withDeadline<T>(
  { deadlineMs, signal, late }: { deadlineMs: number; signal: AbortSignal | undefined; late: () => unknown },
  work: (giveUp: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const giveUp = new AbortController();
  const onAbort = () => giveUp.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  // After a pause of the whole process (sleep, a blocked loop) an answer may wait to be read: one turn of
  // the loop reads it before the deadline counts.
  const timer = setTimeout(() => setImmediate(() => giveUp.abort(late())), deadlineMs);
  try {
    return await work(giveUp.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
