import type { Clock } from "../base/clock.ts";
import type { OpenState } from "../state/state.ts";
import type { Credential } from "../tokens/credential.ts";
import { waitForLateWrite } from "../tokens/save.ts";
import type { AccountLock, CredentialStore } from "../tokens/types.ts";

export interface SignOutSteps {
  readonly account: string;
  readonly state: Pick<OpenState, "get" | "delete">;
  readonly lock: AccountLock;
  readonly clock: Clock;
  readonly open: (store: string) => CredentialStore;
  /** The same, but a person may have to unlock it. */
  readonly openAttended: (store: string) => CredentialStore;
  /** The store that holds a sign-in which the state does not know. */
  readonly find: () => Promise<string | undefined>;
  readonly revoke: (credential: Credential) => Promise<unknown>;
}

/**
 * Removes the account's item and its state, then tells MiniMax.
 * @returns whether the keychain deleted an item
 */
export async function signOut(steps: SignOutSteps): Promise<boolean> {
  const { account, state, lock, clock, open, openAttended, find, revoke } = steps;
  // A person may have to unlock it, which must not happen under the lock.
  const known = state.get(account)?.store;
  if (known !== undefined) await readOrNot(openAttended(known), account);
  let credential: Credential | undefined;
  const deleted = await lock(account, async (lockTime) => {
    await waitForLateWrite(state.get(account), clock, lockTime);
    const name = state.get(account)?.store ?? (await find());
    // Read only to revoke it: an item that cannot be read is deleted all the same.
    credential = name === undefined ? undefined : await readOrNot(open(name), account);
    const gone = name !== undefined && (await open(name).delete(account));
    state.delete(account);
    return gone;
  });
  if (deleted && credential) await revoke(credential);
  return deleted;
}

function readOrNot(store: CredentialStore, account: string): Promise<Credential | undefined> {
  return store.read(account).catch(() => undefined);
}
