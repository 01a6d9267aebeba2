import type { Clock } from "../base/clock.ts";
import { type AuthError, isAuthError } from "../base/error.ts";
import { delayMs } from "./back-off.ts";
import { type Credential, isSameGeneration, latest } from "./credential.ts";
import { measure } from "./lifetime.ts";
import { forget, type Operation, type SessionMemory } from "./session-memory.ts";
import type { Outcome, Refreshed, Stale } from "./types.ts";

export interface OperationOptions {
  /** The stored credential. @throws AuthError when there is none or it cannot be read */
  readonly read: () => Promise<Credential>;
  readonly refresh: (stale: Stale) => Promise<Refreshed>;
  /** Tries again to store what the keychain refused. @returns what is to be used from now on */
  readonly saveLater: (credential: Credential) => Promise<Credential>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly memory: SessionMemory;
}

/** What a session can start. At most one is under way in a process; a second call gets the first. */
export interface Operations {
  load(): Operation;
  renew(credential: Credential, urgent: boolean): Operation;
  saveAgain(credential: Credential): Operation;
  publish(credential: Credential): void;
}

/** How often to look again at what needs a person, ms. */
export const CHECK_AGAIN_MS = 60_000;
const LONGEST_DELAY_MS = 5 * 60_000;
const RELOAD_AFTER_MS = 5_000;
const OUTCOMES_KEPT = 20;

export function createOperations(options: OperationOptions): Operations {
  const { clock, random, memory } = options;
  const publish = (credential: Credential) => remember(credential, options);

  const start = (work: () => Promise<Outcome["code"]>, failed: (error: AuthError) => void): Operation => {
    if (memory.operation) return memory.operation;
    const { promise: done, resolve, reject } = Promise.withResolvers<void>();
    const operation: Operation = { isLast: false, done };
    memory.operation = operation;
    const started = clock.monotonic();
    const ended = (code: Outcome["code"]) => {
      memory.outcomes.unshift({ at: clock.now(), code, durationMs: clock.monotonic() - started });
      memory.outcomes.length = Math.min(memory.outcomes.length, OUTCOMES_KEPT);
    };
    const perform = async () => {
      try {
        const code = await work();
        operation.isLast = code === "refreshed";
        ended(code);
      } catch (error) {
        if (isAuthError(error)) {
          ended(error.code);
          failed(error);
        }
        throw error;
      } finally {
        memory.serving.uncheckedUntil = 0;
        delete memory.operation;
      }
    };
    perform().then(resolve, reject);
    // Whoever waits gets the error; often nobody does.
    done.catch(() => {});
    return operation;
  };

  const afterDelay = (failures: number, error?: AuthError) => {
    const asked = (error?.text.retryAfterSeconds ?? 0) * 1000;
    return clock.monotonic() + Math.max(asked, delayMs(failures, LONGEST_DELAY_MS, random));
  };
  const saveDueAfter = (error: AuthError, failures: number) => {
    memory.unsaved = { error, failures, retryAt: afterDelay(failures) };
  };

  return {
    publish,

    load: () =>
      start(
        async () => {
          const stored = await options.read();
          const known = memory.credential;
          // What the keychain refused to take is newer than what it gives back.
          publish(known && memory.unsaved ? latest(stored, known) : stored);
          delete memory.reloadAt;
          return "adopted";
        },
        ({ code }) => {
          // Signed out elsewhere.
          if (code === "sign_in_required") forget(memory);
          else if (memory.reloadAt !== undefined) memory.reloadAt = clock.monotonic() + RELOAD_AFTER_MS;
        },
      ),

    renew: (credential, urgent) =>
      start(
        async () => {
          const rejected = memory.rejected === credential;
          const { credential: next, how, unsaved } = await options.refresh({ credential, rejected, urgent });
          publish(next);
          delete memory.trouble;
          if (unsaved) saveDueAfter(unsaved, 1);
          return how;
        },
        (error) => {
          const failures = (memory.trouble?.failures ?? 0) + 1;
          memory.trouble = { failures, retryAt: afterDelay(failures, error) };
          const again = clock.monotonic() + CHECK_AGAIN_MS;
          if (error.code === "sign_in_required") memory.blocked = { error, checkAt: again };
          if (error.code !== "token_rejected") return;
          memory.refused = { error, until: again };
          delete memory.rejected;
        },
      ),

    saveAgain: (credential) =>
      start(
        async () => {
          publish(await options.saveLater(credential));
          delete memory.unsaved;
          return "saved";
        },
        (error) => {
          // Signed out elsewhere: there is nothing to keep any more.
          if (error.code === "sign_in_required") forget(memory);
          else saveDueAfter(error, (memory.unsaved?.failures ?? 0) + 1);
        },
      ),
  };
}

function remember(credential: Credential, { clock, random, memory }: OperationOptions): void {
  const known = memory.credential;
  const { refreshToken: _, ...live } = credential;
  memory.credential = credential;
  memory.serving.live = Promise.resolve(live);
  memory.serving.uncheckedUntil = 0;
  // A life once measured counts: measured again after the clock was set, it could come out longer.
  if (known && memory.life && isSameGeneration(credential, known)) {
    if (memory.rejected) memory.rejected = credential;
    return;
  }
  memory.life = measure(credential, clock, random);
  for (const name of ["rejected", "blocked", "refused", "trouble", "unsaved"] as const) delete memory[name];
}
