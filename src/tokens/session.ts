import { reveal } from "../base/secret.ts";
import { orGiveUp, type WaitOptions } from "../base/waiting.ts";
import type { Credential } from "./credential.ts";
import { freshnessIn } from "./lifetime.ts";
import { notSignedIn } from "./messages.ts";
import { forget, type LiveToken, type Operation } from "./session-memory.ts";
import { CHECK_AGAIN_MS, createOperations, type OperationOptions } from "./single-flight.ts";

export interface SessionOptions extends OperationOptions {
  readonly account: string;
  /** Whether another process may have stored another generation than this one; cheap. */
  readonly changed: (known: Credential) => boolean;
}

/** One account's live token; `src/README.md` has the table of what a caller gets. */
export interface Session {
  /**
   * A token that is valid now. At once while one is in memory; an expired one is refreshed before it, and a
   * due one behind the caller, where `keepFresh` runs: a process that may end at any moment would end a
   * refresh that nobody waits for, and with it the sign-in.
   * @throws AuthError `sign_in_required`, `token_rejected`, or why the keychain or MiniMax could not be asked
   */
  token(wait?: WaitOptions): Promise<LiveToken>;
  /** The provider answered 401 to a request that carried this access token. */
  rejected(accessToken: string): void;
  /** Uses what was just read from the keychain, where this process knows nothing yet. */
  learn(credential: Credential): void;
  /** Puts a new sign-in's credential in the place of everything known. */
  replace(credential: Credential): void;
  /** Tries once more to store what the keychain refused, if there is anything. @throws AuthError */
  flush(): Promise<void>;
}

/** How often to look whether another process changed something, ms. */
const CHECK_EVERY_MS = 250;

/** What is in the keychain, what comes of refreshing it, and what changed meanwhile. */
const ROUNDS = 4;

export function createSession(options: SessionOptions): Session {
  const { account, clock, memory } = options;
  const { serving } = memory;
  const { load, renew, saveAgain, publish } = createOperations(options);

  /** What has to end before a token can be served; undefined when one can be served now. */
  const needed = (): Operation | undefined => {
    const { credential, life } = memory;
    if (!credential || !life) return load();
    const monotonic = clock.monotonic();
    checkForOtherProcesses(credential, monotonic);
    const reload = memory.reloadAt !== undefined && monotonic >= memory.reloadAt ? load() : undefined;
    const freshness = freshnessIn(life, clock);
    if (memory.rejected || freshness === "expired") {
      if (!memory.blocked) return memory.operation ?? renew(credential, true);
      if (reload) return reload;
      if (monotonic < memory.blocked.checkAt) throw memory.blocked.error;
      memory.blocked = { ...memory.blocked, checkAt: monotonic + CHECK_AGAIN_MS };
      return load();
    }
    if (memory.refused) {
      if (reload) return reload;
      if (monotonic < memory.refused.until) throw memory.refused.error;
      delete memory.refused;
    }
    if (memory.unsaved && monotonic >= memory.unsaved.retryAt) saveAgain(credential);
    const mayRenew =
      memory.backgroundRefreshers > 0 && !memory.blocked && monotonic >= (memory.trouble?.retryAt ?? 0);
    if (freshness === "due" && mayRenew) renew(credential, false);
    return undefined;
  };

  const checkForOtherProcesses = (credential: Credential, monotonic: number) => {
    if (monotonic < memory.checkAt) return;
    memory.checkAt = monotonic + CHECK_EVERY_MS;
    if (options.changed(credential)) memory.reloadAt = monotonic;
  };

  const serveWithoutCheck = () => {
    const { life } = memory;
    if (!life || memory.rejected) return;
    const now = clock.now();
    const uncheckedMs = Math.min(CHECK_EVERY_MS, life.endWall - now, life.endMonotonic - clock.monotonic());
    serving.uncheckedFrom = now;
    serving.uncheckedUntil = now + uncheckedMs;
  };

  const settle = async (): Promise<LiveToken> => {
    for (let round = 0; round < ROUNDS; round++) {
      const operation = needed();
      if (!operation) {
        serveWithoutCheck();
        break;
      }
      await operation.done;
      if (operation.isLast) break;
    }
    if (!serving.live) throw notSignedIn(account);
    return serving.live;
  };

  return {
    token(wait) {
      const { live } = serving;
      // One reading of one clock. A wall clock that was set leaves the interval, and so does a suspend.
      if (live !== undefined) {
        const now = clock.now();
        if (now >= serving.uncheckedFrom && now < serving.uncheckedUntil) return live;
      }
      return orGiveUp(settle(), wait?.signal);
    },
    rejected(accessToken) {
      const known = memory.credential;
      if (!known || reveal(known.accessToken) !== accessToken) return;
      memory.rejected = known;
      serving.uncheckedUntil = 0;
    },
    learn(credential) {
      if (!memory.credential && !memory.operation) publish(credential);
    },
    replace(credential) {
      forget(memory);
      publish(credential);
    },
    async flush() {
      await memory.operation?.done.catch(() => {});
      if (memory.unsaved && memory.credential) await saveAgain(memory.credential).done;
    },
  };
}
