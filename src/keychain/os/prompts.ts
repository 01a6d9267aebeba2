/** Whether a process may still cause a prompt that nobody has asked it for. */
export interface Prompting {
  /** A prompt was shown, and the keyring stayed locked. */
  isOver: boolean;
}

// On globalThis because the host loads a plugin's modules more than once in one process.
const PROMPTING = Symbol.for("openclaw-minimax-keychain.prompting");

interface Shared {
  [PROMPTING]?: Map<string, Prompting>;
}

/** One for each session bus: its keyring shows the prompts. */
export function promptingOf(env: NodeJS.ProcessEnv): Prompting {
  const shared = globalThis as Shared;
  shared[PROMPTING] ??= new Map();
  const bus = env.DBUS_SESSION_BUS_ADDRESS ?? env.XDG_RUNTIME_DIR ?? "";
  const known = shared[PROMPTING].get(bus) ?? { isOver: false };
  shared[PROMPTING].set(bus, known);
  return known;
}
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
// On globalThis because the host loads a plugin's modules more than once in one process.
const LINE = Symbol.for("openclaw-minimax-keychain.line");

interface SharedLine {
  [LINE]?: Promise<void>;
}

/**
 * Runs `work` when everything that came before it in this process has ended: two calls at a time could
 * show a person two prompts. Rejects with the reason of `giveUp` if that aborts while waiting.
 */
export async function inTurn<T>(work: () => Promise<T>, giveUp: AbortSignal): Promise<T> {
  const shared = globalThis as SharedLine;
  const before = shared[LINE] ?? Promise.resolve();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  shared[LINE] = before.then(() => ended);
  try {
    await unlessAborted(before, giveUp);
    return await work();
  } finally {
    end();
  }
}

function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    void wait.then(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
  });
}
