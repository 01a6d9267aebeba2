import { AuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import { decodeRecord, encodeRecord } from "./record.ts";
import type { CredentialStore } from "./types.ts";

/** A keychain, as far as a credential needs one. */
export interface Items {
  get(account: string): Promise<string | undefined>;
  set(account: string, value: string): Promise<void>;
  delete(account: string): Promise<boolean>;
}

/** Credentials as keychain items. */
export function createCredentialStore(items: Items): CredentialStore {
  return {
    async read(account) {
      const text = await items.get(account);
      return text === undefined ? undefined : decodeRecord(text, account);
    },
    write: (credential) => items.set(credential.account, encodeRecord(credential)),
    delete: (account) => items.delete(account),
  };
}

/**
 * The same, where an item is known to exist: nothing found then means locked or removed by somebody
 * else, never "signed out" (keytar answers `null` for a locked keychain).
 */
export function expectItem(store: CredentialStore): CredentialStore {
  return {
    ...store,
    async read(account) {
      const credential = await store.read(account);
      if (credential) return credential;
      throw new AuthError("keychain_item_missing", {
        what: `The keychain does not hand out the sign-in of account "${account}": it is locked, or the item was removed.`,
        kept: "Nothing was changed.",
        next: `Unlock the keychain and try again, or sign in again: \`${SIGN_IN_COMMAND}\`.`,
      });
    },
  };
}
