import type { Clock } from "../safety/clock.ts";
import { AuthError, SIGN_IN_COMMAND } from "../safety/error.ts";
import { reveal } from "../safety/secret.ts";
import type { Credential } from "./credential.ts";
import type { CredentialStore } from "./ports.ts";
import type { Refreshed, Stale } from "./refresher.ts";
import { freshness } from "./window.ts";

export interface SessionOptions {
  readonly account: string;
  readonly store: Pick<CredentialStore, "read">;
  readonly refresh: (stale: Stale) => Promise<Refreshed>;
  readonly clock: Clock;
  /** What the session remembers; share it between the module instances of one process. */
  readonly memory: SessionMemory;
}

export interface SessionMemory {
  credential?: Credential;
  /** The one load or refresh under way. */
  flight?: Promise<Credential>;
  /** The access token's generation that the provider answered 401 to. */
  rejected?: Credential;
}

/** One account's live token (design, "A token, now"). */
export interface Session {
  /**
   * A token that is valid now. At once while one is in memory; a due one is refreshed behind the caller,
   * an expired one before it.
   * @throws AuthError `sign_in_required`, or why the keychain or MiniMax could not be asked
   */
  token(): Promise<Credential>;
  /** The provider answered 401 to a request that carried this access token. */
  rejected(accessToken: string): void;
}

export function createSession({ account, store, refresh, clock, memory }: SessionOptions): Session {
  const fly = (work: () => Promise<Credential>): Promise<Credential> => {
    memory.flight ??= work()
      .then((credential) => {
        memory.credential = credential;
        return credential;
      })
      .finally(() => {
        delete memory.flight;
      });
    return memory.flight;
  };

  const renew = (credential: Credential) =>
    fly(async () => (await refresh({ credential, rejected: memory.rejected === credential })).credential);

  const load = () =>
    fly(async () => {
      const credential = await store.read(account);
      if (!credential) throw notSignedIn(account);
      return credential;
    });

  return {
    async token() {
      const known = memory.credential ?? (await load());
      if (memory.rejected === known) return renew(known);
      switch (freshness(known, clock.now())) {
        case "fresh":
          return known;
        case "due":
          // The caller has a valid token; what becomes of the refresh is the next caller's concern.
          renew(known).catch(() => {});
          return known;
        case "expired":
          return renew(known);
      }
    },
    rejected(accessToken) {
      const known = memory.credential;
      if (known && reveal(known.accessToken) === accessToken) memory.rejected = known;
    },
  };
}

export function notSignedIn(account: string): AuthError {
  return new AuthError("sign_in_required", {
    what: `Nobody is signed in to MiniMax (account "${account}"), or the keychain is locked.`,
    next: `Unlock the keychain, or sign in: \`${SIGN_IN_COMMAND}\`.`,
  });
}
