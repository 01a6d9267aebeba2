import type { Accounts, Recorded } from "./accounts/accounts.ts";
import type { Moved } from "./accounts/move.ts";
import type { AuthOptions, SignInRequest } from "./accounts/options.ts";
import type { SignedIn } from "./accounts/sign-in.ts";
import type { Probe } from "./accounts/sign-in-server.ts";
import type { PlainLogin } from "./accounts/take-over.ts";
import { systemClock } from "./base/clock.ts";
import { type ErrorCode, isAuthError } from "./base/error.ts";
import { reveal } from "./base/secret.ts";
import { shared } from "./base/shared.ts";
import type { WaitOptions } from "./base/waiting.ts";
import type { StoreName } from "./keychain/stores.ts";
import { checkBaseUrl } from "./minimax/addresses.ts";
import type { ModelAnswer } from "./minimax/api/ask-model.ts";
import { usageLate } from "./minimax/api/errors.ts";
import type { Usage } from "./minimax/api/usage.ts";
import type { RegionId } from "./minimax/regions.ts";
import type { Credential } from "./tokens/credential.ts";
import { type KeepFreshOptions, keepFresh } from "./tokens/keep-fresh.ts";
import { windowMs } from "./tokens/lifetime.ts";
import { createSession, type Session } from "./tokens/session.ts";
import { emptyMemory, forget, type LiveToken, type SessionMemory } from "./tokens/session-memory.ts";

/** An account as the state file and this process know it; holds no secret. */
export interface AccountStatus extends Recorded {
  /** Why the keychain could not save the newest tokens, which this process keeps in memory and serves. */
  readonly unsaved?: ErrorCode;
}

export interface Auth {
  /** The device flow, from choosing a keychain to the stored credential. */
  signIn(request: SignInRequest): Promise<SignedIn>;
  /**
   * A token that is valid now, see `tokens/session.ts`. `wait` ends this caller's wait, and not the refresh.
   */
  token(account: string, wait?: WaitOptions): Promise<LiveToken>;
  /**
   * Keeps the account's token fresh until `signal` aborts, see `tokens/keep-fresh.ts`. Never rejects because
   * of a sign-in: it calls `onTrouble` and goes on checking.
   */
  keepFresh(
    account: string,
    options: Pick<KeepFreshOptions, "signal" | "onToken" | "onTrouble">,
  ): Promise<void>;
  /** The provider answered 401 to a request that carried this access token. */
  rejected(account: string, accessToken: string): void;
  /** What is known of the account; undefined when nobody signed in. */
  status(account: string): Promise<AccountStatus | undefined>;
  /** Every account that was signed in on this machine, and not out again. @throws AuthError `state_unavailable` */
  accounts(): Promise<readonly string[]>;
  /**
   * The sign-in as the keychain holds it, without its tokens.
   * @throws AuthError when there is none or the keychain cannot be read
   */
  stored(account: string): Promise<StoredSignIn>;
  /**
   * Trades the refresh token for new tokens now, whatever is left of the old ones.
   * @throws AuthError; only `sign_in_required` is for good
   */
  refresh(account: string): Promise<StoredSignIn>;
  /**
   * Takes over a login that another program made, proven by a refresh, which ends the other program's copy.
   * @throws AuthError `already_signed_in`, `grant_rejected` (it is dead), or why it could not be proven; nothing
   * is changed then
   */
  takeOver(account: string, region: RegionId, login: PlainLogin): Promise<StoredSignIn>;
  /** Whether the region's sign-in server answers, and what time it has. @throws AuthError */
  probe(region: RegionId): Promise<Probe>;
  /** What is left of the plan. @throws AuthError, see `minimax/api/usage.ts`; and those of `token` */
  usage(account: string, wait?: WaitOptions): Promise<Usage>;
  /** Asks a model for one token: whether the plan includes it. @throws AuthError why it could not be asked */
  askModel(account: string, model: string): Promise<ModelAnswer>;
  /**
   * Before the process ends: stores what the keychain refused before, if there is anything.
   * @throws AuthError when it refuses again
   */
  flush(): Promise<void>;
  /**
   * Removes the account's item from its keychain, and the account from the state.
   * @returns whether an item was deleted; false also for a keychain that is locked without saying so
   */
  signOut(account: string): Promise<boolean>;
  /**
   * Moves the account's sign-in to another store, without a new sign-in.
   * @throws AuthError; the sign-in then stays where it was
   */
  moveTo(account: string, store: StoreName): Promise<Moved>;
}

/** A sign-in without its tokens. */
export type StoredSignIn = Omit<Credential, "accessToken" | "refreshToken"> & {
  /** From when on it is refreshed, epoch ms; a process may begin up to a fifth of the time left later. */
  readonly refreshDueAt: number;
};

function withoutTokens({ accessToken: _, refreshToken: __, ...rest }: Credential): StoredSignIn {
  return { ...rest, refreshDueAt: rest.expiresAt - windowMs(rest) };
}

const memories = shared("sessions/5", () => new Map<string, SessionMemory>());

function memoryOf(stateDirectory: string, account: string): SessionMemory {
  const key = `${stateDirectory}\0${account}`;
  const memory = memories.get(key) ?? emptyMemory();
  memories.set(key, memory);
  return memory;
}

/**
 * Sign-in and live tokens. Cheap to create: what only a sign-in or refresh needs is loaded then.
 */
export function createAuth(options: AuthOptions): Auth {
  const clock = options.clock ?? systemClock;
  const sessions = new Map<string, Session>();
  let loading: Promise<Accounts> | undefined;
  let loaded: Accounts | undefined;
  const accounts = () => {
    loading ??= import("./accounts/accounts.ts").then(({ createAccounts }) => {
      loaded = createAccounts({ ...options, clock });
      return loaded;
    });
    // A failed load (an unwritable state directory, say) is tried again by the next call.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  /** Another module instance may have filled the memory: then this one's accounts are not loaded yet. */
  const changed: Accounts["changed"] = (known) => {
    if (loaded) return loaded.changed(known);
    void accounts().catch(() => {});
    return false;
  };

  const session = (account: string): Session => {
    const known = sessions.get(account);
    if (known) return known;
    const created = createSession({
      account,
      clock,
      random: Math.random,
      memory: memoryOf(options.stateDirectory, account),
      read: async () => (await accounts()).read(account),
      refresh: async (stale) => (await accounts()).refresh(stale),
      saveLater: async (credential) => (await accounts()).saveLater(credential),
      changed,
    });
    sessions.set(account, created);
    return created;
  };

  // The same promise is served for as long as a token needs no look: it is checked once.
  const checks = new WeakMap<Promise<LiveToken>, Promise<LiveToken>>();
  let last: { token: Promise<LiveToken>; check: Promise<LiveToken> } | undefined;
  const checked = (token: Promise<LiveToken>): Promise<LiveToken> => {
    if (last?.token === token) return last.check;
    const check = checks.get(token) ?? checkOf(token);
    last = { token, check };
    return check;
  };
  const checkOf = (token: Promise<LiveToken>): Promise<LiveToken> => {
    const check = token.then((live) => {
      checkBaseUrl(live, options.endpoints);
      return live;
    });
    checks.set(token, check);
    return check;
  };

  return {
    async signIn(request) {
      const signedIn = await (await accounts()).signIn(request);
      session(request.account).replace(signedIn.credential);
      return signedIn;
    },
    token: (account, wait) => checked(session(account).token(wait)),
    moveTo: async (account, store) => (await accounts()).moveTo(account, store),
    async keepFresh(account, watch) {
      const memory = memoryOf(options.stateDirectory, account);
      memory.backgroundRefreshers++;
      try {
        await keepFresh({ ...watch, clock, token: () => checked(session(account).token()) });
      } finally {
        memory.backgroundRefreshers--;
      }
    },
    rejected: (account, accessToken) => session(account).rejected(accessToken),
    async status(account) {
      const recorded = await (await accounts()).status(account);
      const { unsaved } = memoryOf(options.stateDirectory, account);
      if (!recorded) return undefined;
      return {
        ...recorded,
        ...(unsaved ? { unsaved: unsaved.error.code } : {}),
      };
    },
    accounts: async () => (await accounts()).accounts(),
    async stored(account) {
      const credential = await (await accounts()).read(account);
      session(account).learn(credential);
      return withoutTokens(credential);
    },
    async refresh(account) {
      const { read, refresh, saveLater } = await accounts();
      const stale = { credential: await read(account), rejected: false, urgent: true, evenIfRefused: true };
      const { credential, unsaved } = await refresh(stale);
      session(account).replace(credential);
      // Nobody else has these tokens, and this process may end.
      if (unsaved) await saveLater(credential);
      return withoutTokens(credential);
    },
    async takeOver(account, region, login) {
      const credential = await (await accounts()).takeOver(account, region, login);
      session(account).replace(credential);
      return withoutTokens(credential);
    },
    probe: async (region) => (await accounts()).probe(region),
    async usage(account, wait) {
      const ask = async () => {
        const live = await checked(session(account).token(wait)).catch((error: unknown) => {
          throw error === wait?.signal?.reason ? usageLate() : error;
        });
        return { live, usage: (await accounts()).usage(live, wait?.signal) };
      };
      const first = await ask();
      try {
        return await first.usage;
      } catch (error) {
        if (!isAuthError(error, "token_rejected")) throw error;
        session(account).rejected(reveal(first.live.accessToken));
        return (await ask()).usage;
      }
    },
    async askModel(account, model) {
      const token = await checked(session(account).token());
      return (await accounts()).askModel(token, model);
    },
    async flush() {
      const results = await Promise.allSettled([...sessions.values()].map((each) => each.flush()));
      for (const result of results) if (result.status === "rejected") throw result.reason;
    },
    async signOut(account) {
      const deleted = await (await accounts()).signOut(account);
      forget(memoryOf(options.stateDirectory, account));
      return deleted;
    },
  };
}
