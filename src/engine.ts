import {
  type CallOptions,
  chooseKeychain,
  holdSameItems,
  type Keychain,
  openKeychain,
  proveKeychain,
  type StoreName,
} from "./keychain/index.ts";
import { type Moved, moveSignIn } from "./move.ts";
import type { DurableStore, PortalAuthOptions, SignInRequest } from "./options.ts";
import { createPortalClient, type PortalClient } from "./portal-client.ts";
import type { Clock } from "./safety/clock.ts";
import { type Credential, generationId } from "./tokens/credential.ts";
import { createCredentialStore, expectItem, type Items } from "./tokens/credential-store.ts";
import { createAccountLock } from "./tokens/lock.ts";
import type { AccountState, CredentialStore } from "./tokens/ports.ts";
import { type Refreshed, refresh, type Stale, signInRequired } from "./tokens/refresher.ts";
import { notSignedIn } from "./tokens/session.ts";
import { type SignedIn, signIn } from "./tokens/sign-in.ts";
import { openStateFile } from "./tokens/state.ts";

/** Everything that a sign-in or a refresh needs and a valid token does not; loaded at need. */
export interface Engine {
  signIn(request: SignInRequest): Promise<SignedIn>;
  /** The stored credential. Throws AuthError when there is none or it cannot be read. */
  read(account: string): Promise<Credential>;
  refresh(stale: Stale): Promise<Refreshed>;
  status(account: string): AccountState | undefined;
  /** @returns whether the keychain deleted an item */
  signOut(account: string): Promise<boolean>;
  moveTo(account: string, store: DurableStore): Promise<Moved>;
}

/** A person may have to answer the keychain's prompt while signing in. */
const ATTENDED: CallOptions = { deadlineMs: 60_000, attended: true };
const DURABLE: readonly DurableStore[] = ["keytar", "secret-service", "encrypted-file"];

export function createEngine(options: PortalAuthOptions & { readonly clock: Clock }): Engine {
  const { clock, stateDirectory, tokenStore = "auto" } = options;
  const state = openStateFile(stateDirectory);
  const lock = createAccountLock(stateDirectory, clock);
  const portal: PortalClient = createPortalClient(options);
  const keychain = { childPath: options.keychainChild, env: options.env, directory: stateDirectory };
  // Where a sign-in may lie that the state knows nothing of.
  const searched = tokenStore === "auto" ? ["keytar", "secret-service"] : [tokenStore];
  // Kept, because the encrypted file's key takes a quarter of a second to derive.
  const stores = new Map<string, CredentialStore>();
  const open = (name: string): CredentialStore => {
    const store = stores.get(name) ?? createCredentialStore(openKeychain(name as StoreName, keychain));
    stores.set(name, store);
    return store;
  };

  const openAttended = (name: string): CredentialStore =>
    createCredentialStore(attended(openKeychain(name as StoreName, keychain)));

  const storeOf = async (account: string): Promise<CredentialStore> => {
    const known = state.get(account);
    if (known) return expectItem(open(known.store));
    const found = await search(account, searched, open);
    if (!found) throw notSignedIn(account);
    const { credential, name } = found;
    const { region, expiresAt } = credential;
    state.put({ account, store: name, region, expiresAt, generationId: generationId(credential) });
    return expectItem(open(name));
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
        async chooseStore() {
          const call = { ...ATTENDED, ...(signal ? { signal } : {}) };
          const chosen = await chooseKeychain(tokenStore, keychain, call);
          return { name: chosen.store, store: createCredentialStore(attended(chosen)) };
        },
        begin: () => portal.begin(region, signal),
        async removeFrom(name) {
          if (!holdSameItems(name, state.get(account)?.store ?? "")) await open(name).delete(account);
        },
        defaultBaseUrl: portal.baseUrl(region),
      }),

    async read(account) {
      const credential = await (await storeOf(account)).read(account);
      if (!credential) throw notSignedIn(account);
      if (state.get(account)?.quarantined === generationId(credential)) throw signInRequired();
      return credential;
    },

    async refresh(stale) {
      // Found by each call and not before them: while this waits for the lock, the sign-in may move.
      const store: CredentialStore = {
        read: async (account) => (await storeOf(account)).read(account),
        write: async (credential) => (await storeOf(credential.account)).write(credential),
        delete: async (account) => (await storeOf(account)).delete(account),
      };
      return refresh(stale, { store, state, lock, clock, grant: portal.refresh });
    },

    status: (account) => state.get(account),

    async signOut(account) {
      // A person may have to unlock it, which must not happen under the lock.
      const known = state.get(account)?.store;
      if (known !== undefined)
        await openAttended(known)
          .read(account)
          .catch(() => {});
      let credential: Credential | undefined;
      const deleted = await lock(account, async () => {
        const name = state.get(account)?.store ?? (await search(account, searched, open))?.name;
        // Read only to revoke it: an item that cannot be read is deleted all the same.
        credential =
          name === undefined
            ? undefined
            : await open(name)
                .read(account)
                .catch(() => undefined);
        const gone = name !== undefined && (await open(name).delete(account));
        state.delete(account);
        return gone;
      });
      if (deleted && credential) await portal.revoke(credential);
      return deleted;
    },

    async moveTo(account, to) {
      await storeOf(account);
      return moveSignIn({
        account,
        to,
        durable: DURABLE,
        state,
        lock,
        open: (name) => expectItem(openAttended(name)),
        prove: (name) => proveKeychain(openKeychain(name as StoreName, keychain), ATTENDED),
      });
    },
  };
}

/** For calls that a person is waiting for, who may have to answer the keychain's prompt. */
function attended(keychain: Keychain): Items {
  return {
    get: (name) => keychain.get(name, ATTENDED),
    set: (name, value) => keychain.set(name, value, ATTENDED),
    delete: (name) => keychain.delete(name, ATTENDED),
  };
}

/** Looks for an item where the state has no pointer to it: the keychain alone is enough to find a sign-in. */
async function search(account: string, names: readonly string[], open: (name: string) => CredentialStore) {
  const failures: unknown[] = [];
  for (const name of names) {
    try {
      const credential = await open(name).read(account);
      if (credential) return { credential, name };
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === names.length) throw failures[0];
  return undefined;
}
