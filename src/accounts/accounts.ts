import type { Clock } from "../base/clock.ts";
import { DEADLINES } from "../base/deadlines.ts";
import { isAlive } from "../base/process-alive.ts";
import { createHttp } from "../http/http.ts";
import {
  chooseKeychain,
  holdSameItems,
  openKeychain,
  proveKeychain,
  STORE_NAMES,
  type StoreName,
  storesOf,
} from "../keychain/index.ts";
import { ATTENDED } from "../keychain/keychain.ts";
import { askModel, type ModelAnswer } from "../minimax/api/ask-model.ts";
import { fetchUsage, type Usage } from "../minimax/api/usage.ts";
import type { RegionId } from "../minimax/regions.ts";
import { createAccountLock } from "../state/lock.ts";
import { openStateFile } from "../state/state.ts";
import { type Credential, generationId } from "../tokens/credential.ts";
import { createCredentialStore, expectItem } from "../tokens/credential-store.ts";
import { notSignedIn } from "../tokens/messages.ts";
import { refresh } from "../tokens/refresh.ts";
import { pointerTo, saveLater } from "../tokens/save.ts";
import type { LiveToken } from "../tokens/session-memory.ts";
import type {
  AccountState,
  CredentialStore,
  Outcome,
  Refreshed,
  RefresherOptions,
  Stale,
} from "../tokens/types.ts";
import { attended, rememberNotFound, search } from "./find-store.ts";
import { type Moved, moveSignIn } from "./move.ts";
import type { AuthOptions, SignInRequest } from "./options.ts";
import { type SignedIn, signIn } from "./sign-in.ts";
import { createSignInServer, type SignInServer } from "./sign-in-server.ts";
import { signOut } from "./sign-out.ts";
import { type PlainLogin, takeOver } from "./take-over.ts";

/** Everything that a sign-in or a refresh needs and a valid token does not; loaded at need. */
export interface Accounts {
  signIn(request: SignInRequest): Promise<SignedIn>;
  /** The stored credential. Throws AuthError when there is none or it cannot be read. */
  read(account: string): Promise<Credential>;
  refresh(stale: Stale): Promise<Refreshed>;
  /** Stores tokens that the keychain refused before. @returns what is to be used from now on */
  saveLater(credential: Credential): Promise<Credential>;
  /** Whether another process may have stored another generation, or signed out. Takes microseconds. */
  changed(known: Credential): boolean;
  /** Looks in the keychain only for an account that the state does not know. */
  status(account: string): Promise<Recorded | undefined>;
  /** @returns whether the keychain deleted an item */
  signOut(account: string): Promise<boolean>;
  moveTo(account: string, store: StoreName): Promise<Moved>;
  takeOver(account: string, region: RegionId, login: PlainLogin): Promise<Credential>;
  readonly probe: SignInServer["probe"];
  /** Every account that the state knows. */
  accounts(): readonly string[];
  usage(token: LiveToken, signal?: AbortSignal): Promise<Usage>;
  askModel(token: LiveToken, model: string): Promise<ModelAnswer>;
}

/** What the state file tells of an account. */
export interface Recorded extends AccountState {
  /** The last refreshes of all processes, newest first. */
  readonly outcomes: readonly Outcome[];
  /** What became of the state file, for the person. */
  readonly notices: readonly string[];
}

export function createAccounts(options: AuthOptions & { readonly clock: Clock }): Accounts {
  const { clock, stateDirectory, tokenStore = "auto" } = options;
  const state = openStateFile(stateDirectory, clock.now);
  const lock = createAccountLock(stateDirectory, { clock });
  const seen = new Map<string, string>();
  const http = createHttp({ env: options.env, deadlineMs: DEADLINES.call });
  const server = createSignInServer({ ...options, http });
  const keychain = {
    childPath: options.keychainChild,
    env: options.env,
    directory: stateDirectory,
    ...(options.replaceStore ? { replaceStore: options.replaceStore } : {}),
  };
  // Where a sign-in may lie that the state knows nothing of.
  const searched = storesOf(tokenStore);
  // Kept, because the encrypted file's key takes a quarter of a second to derive.
  const stores = new Map<string, CredentialStore>();
  const open = (name: string): CredentialStore => {
    const store = stores.get(name) ?? createCredentialStore(openKeychain(name as StoreName, keychain));
    stores.set(name, store);
    return store;
  };

  const openAttended = (name: string): CredentialStore =>
    createCredentialStore(attended(openKeychain(name as StoreName, keychain)));

  /** Finds a keychain that works, for tokens that are new here. */
  const chooseStore = async (signal?: AbortSignal) => {
    const call = { ...ATTENDED, ...(signal ? { signal } : {}) };
    const chosen = await chooseKeychain(tokenStore, keychain, call);
    return { name: chosen.store, store: createCredentialStore(attended(chosen)) };
  };

  const find = (account: string) => search(account, searched, open);
  const findStored = rememberNotFound(find, state.version, clock);

  const storeOf = async (account: string): Promise<CredentialStore> => {
    const known = state.get(account);
    const found = known ? undefined : await findStored(account);
    if (found) state.putIfAbsent(pointerTo(found.credential, { store: found.name }));
    const name = known?.store ?? found?.name;
    if (name === undefined) throw notSignedIn(account);
    return expectItem(open(name));
  };

  // Found by each call and not before them: while a refresh waits for the lock, the sign-in may move.
  const currentStore: CredentialStore = {
    read: async (account) => (await storeOf(account)).read(account),
    write: async (credential) => (await storeOf(credential.account)).write(credential),
    delete: async (account) => (await storeOf(account)).delete(account),
  };

  const refresher: RefresherOptions = {
    store: currentStore,
    state,
    lock,
    clock,
    random: Math.random,
    grant: server.refresh,
    check: server.assertMayRefresh,
    process: { pid: process.pid, isAlive },
  };

  return {
    signIn: ({ account, region, show, onWait, signal, assertCurrent = () => {} }) =>
      signIn({
        account,
        region,
        clock,
        state,
        lock,
        show,
        onWait,
        signal,
        assertCurrent,
        chooseStore: () => chooseStore(signal),
        begin: () => server.begin(region, signal),
        async removeFrom(name) {
          if (!holdSameItems(name, state.get(account)?.store ?? "")) await open(name).delete(account);
        },
        defaultBaseUrl: server.baseUrl(region),
      }),

    async read(account) {
      const credential = await (await storeOf(account)).read(account);
      if (!credential) throw notSignedIn(account);
      return credential;
    },

    refresh: (stale) => refresh(stale, refresher),

    saveLater: (credential) => saveLater(credential, refresher),

    changed(known) {
      const version = state.version();
      if (seen.get(known.account) === version) return false;
      try {
        const row = state.get(known.account);
        seen.set(known.account, version);
        return row?.generationId !== generationId(known) || row.expiresAt !== known.expiresAt;
      } catch {
        // A state that cannot be read is no reason to give up a valid token.
        return false;
      }
    },

    async status(account) {
      // A state file that was lost or set aside is no reason to call somebody signed out.
      if (!state.get(account)) await storeOf(account).catch(() => {});
      const row = state.get(account);
      return row && { ...row, outcomes: state.outcomes(account), notices: state.notices() };
    },

    signOut: (account) =>
      signOut({
        account,
        state,
        lock,
        clock,
        open,
        openAttended,
        find: async () => (await find(account))?.name,
        revoke: server.revoke,
      }),

    takeOver: (account, region, login) => {
      const now = clock.now();
      const credential: Credential = {
        ...login,
        account,
        region,
        obtainedAt: now,
        signedInAt: now,
        issuer: server.issuer(region),
        baseUrl: server.baseUrl(region),
        generation: 1,
      };
      return takeOver({
        credential,
        state,
        lock,
        async isTaken() {
          const known = state.get(account);
          if (known) return known.quarantined !== known.generationId;
          return (await find(account)) !== undefined;
        },
        chooseStore,
        refresh: (stale) => refresh(stale, refresher),
        saveLater: (credential) => saveLater(credential, refresher),
      });
    },

    probe: server.probe,

    accounts: () => state.accounts(),

    usage: (token, signal) => fetchUsage(http, { ...token, signal }, clock),

    askModel: (token, model) => askModel(http, { ...token, model }),

    async moveTo(account, to) {
      await storeOf(account);
      return moveSignIn({
        account,
        to,
        durable: STORE_NAMES,
        state,
        lock,
        open: (name) => expectItem(openAttended(name)),
        prove: (name) => proveKeychain(openKeychain(name as StoreName, keychain), ATTENDED),
      });
    },
  };
}
