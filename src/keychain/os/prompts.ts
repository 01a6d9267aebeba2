import { shared } from "../../base/shared.ts";
import { orGiveUp } from "../../base/waiting.ts";

/** Whether a process may still cause a prompt that nobody has asked it for. */
export interface Prompting {
  /** False once a prompt was shown and the keyring stayed locked. */
  mayPrompt: boolean;
}

const byBus = shared("prompting/2", () => new Map<string, Prompting>());

/** One for each session bus: its keyring shows the prompts. */
export function promptingOf(env: NodeJS.ProcessEnv): Prompting {
  const bus = env.DBUS_SESSION_BUS_ADDRESS ?? env.XDG_RUNTIME_DIR ?? "";
  const known = byBus.get(bus) ?? { mayPrompt: true };
  byBus.set(bus, known);
  return known;
}

/** How long after the call's deadline the answer may come, ms. A call is at most 100 ms late in all. */
const LATE_MS = 50;

/** The part of the call's time after which the keyring is asked. */
const ASK_AFTER = 0.9;

type Ask = (giveUp: AbortSignal) => Promise<boolean | undefined>;

export interface LockedQuestion {
  /** The answer; asked now, if it was not asked yet. */
  readonly answer: () => Promise<boolean | undefined>;
  /** The call has ended: do not ask any more. */
  readonly clear: () => void;
}

/**
 * Asks whether the keyring is locked in the last tenth of a call's time, so that the answer is there at the
 * deadline: a keyring that is drawing its prompt may answer slowly. Keeps no process alive.
 */
export function askLockedBeforeDeadline(deadlineMs: number, ask: Ask): LockedQuestion {
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
  const timer = setTimeout(answer, deadlineMs * ASK_AFTER).unref();
  const clear = () => {
    clearTimeout(timer);
    clearTimeout(late);
    over.abort();
  };
  return { answer, clear };
}

const queue = shared("keychain-queue/1", () => ({ last: Promise.resolve() }));

/**
 * Runs `work` when every earlier call of this process has ended: two calls at a time could show a person two
 * prompts. Rejects with the reason of `giveUp` if that aborts while waiting.
 */
export async function oneAtATime<T>(work: () => Promise<T>, giveUp: AbortSignal): Promise<T> {
  const before = queue.last;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  queue.last = before.then(() => ended);
  try {
    await orGiveUp(before, giveUp);
    return await work();
  } finally {
    end();
  }
}
