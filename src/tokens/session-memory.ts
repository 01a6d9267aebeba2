import type { AuthError } from "../base/error.ts";
import type { Credential } from "./credential.ts";
import type { Life } from "./lifetime.ts";
import type { Outcome } from "./types.ts";

/** What a request needs; the refresh token never leaves `src`. */
export type LiveToken = Omit<Credential, "refreshToken">;

/** The one load, refresh or save of an account under way in this process. */
export interface Operation {
  /** Whether its token is the answer, whatever its age: starting again would never end. */
  isLast: boolean;
  readonly done: Promise<void>;
}

/**
 * What every request reads. An object of its own, whose fields come and go by being set: one that loses
 * fields to `delete` is several times slower to read.
 */
export interface Serving {
  /** The answer to every caller while nothing needs a check; made once, so that serving it costs nothing. */
  live: Promise<LiveToken> | undefined;
  /** Between these wall-clock times, epoch ms, `live` is served without a check. */
  uncheckedFrom: number;
  uncheckedUntil: number;
}

/** What a process remembers of one account; module instances share it. */
export interface SessionMemory {
  readonly serving: Serving;
  credential?: Credential;
  life?: Life;
  /** When to look next whether another process changed something. Monotonic, ms. */
  checkAt: number;
  /** Another process changed something, and the keychain was not read since. Monotonic, ms. */
  reloadAt?: number;
  operation?: Operation;
  /** The generation that the provider answered 401 to. */
  rejected?: Credential;
  /** The server refused the generation in memory for good; checked again from time to time. Monotonic, ms. */
  blocked?: { readonly error: AuthError; readonly checkAt: number };
  /** The provider refused a fresh token too; it is tried again from time to time. Monotonic, ms. */
  refused?: { readonly error: AuthError; readonly until: number };
  /** Refreshes behind a valid token that failed one after another. Monotonic, ms. */
  trouble?: { readonly failures: number; readonly retryAt: number };
  /** The keychain could not save the generation in memory. Monotonic, ms. */
  unsaved?: { readonly error: AuthError; readonly failures: number; readonly retryAt: number };
  /** How this process's last loads, refreshes and saves ended, newest first. */
  outcomes: Outcome[];
  /** How many `keepFresh` run: while one does, this process lives on, and a refresh behind its callers ends. */
  backgroundRefreshers: number;
}

export function emptyMemory(): SessionMemory {
  return {
    serving: { live: undefined, uncheckedFrom: 0, uncheckedUntil: 0 },
    checkAt: 0,
    outcomes: [],
    backgroundRefreshers: 0,
  };
}

/** Forgets the account, keeping what it went through. */
export function forget(memory: SessionMemory): void {
  const { operation, backgroundRefreshers, outcomes, serving } = memory;
  Object.assign(serving, emptyMemory().serving);
  for (const name of Object.keys(memory) as (keyof SessionMemory)[]) delete memory[name];
  Object.assign(
    memory,
    emptyMemory(),
    { backgroundRefreshers, outcomes, serving },
    operation ? { operation } : {},
  );
}
