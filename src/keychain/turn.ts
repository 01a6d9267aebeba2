// On globalThis because the host loads a plugin's modules more than once in one process.
const LINE = Symbol.for("openclaw-minimax-keychain.line");

interface Shared {
  [LINE]?: Promise<void>;
}

/**
 * Runs `work` when everything that came before it in this process has ended: two calls at a time could
 * show a person two prompts. Rejects with the reason of `giveUp` if that aborts while waiting.
 */
export async function inTurn<T>(work: () => Promise<T>, giveUp: AbortSignal): Promise<T> {
  const shared = globalThis as Shared;
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
