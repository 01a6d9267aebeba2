/** What an answer may take after the call's time, ms: issue 5 lets a call go 100 over its deadline. */
const LATE_MS = 50;
/** The part of the call's time that is over when the question is put. */
const PUT_AFTER = 0.9;

type Ask = (giveUp: AbortSignal) => Promise<boolean | undefined>;

export interface LastQuestion {
  /** The answer; put now, if it was not put yet. */
  readonly answer: () => Promise<boolean | undefined>;
  /** The call has ended: no question any more. */
  readonly clear: () => void;
}

/**
 * Puts a question in the last tenth of a call's time, so that its answer is there when the time is over: a
 * keyring that is just drawing its prompt may take a while to say that it is locked. Keeps no process alive.
 */
export function lastQuestion(deadlineMs: number, ask: Ask): LastQuestion {
  const due = performance.now() + deadlineMs;
  const over = new AbortController();
  let late: NodeJS.Timeout | undefined;
  let asked: Promise<boolean | undefined> | undefined;
  const answer = () => {
    if (asked) return asked;
    late = setTimeout(() => over.abort(), Math.max(0, due - performance.now()) + LATE_MS).unref();
    asked = ask(over.signal);
    return asked;
  };
  const timer = setTimeout(answer, deadlineMs * PUT_AFTER).unref();
  const clear = () => {
    clearTimeout(timer);
    clearTimeout(late);
    over.abort();
  };
  return { answer, clear };
}
