import type { CallOptions, Keychain } from "./keychain/index.ts";
import type { Items } from "./tokens/credential-store.ts";
import type { CredentialStore } from "./tokens/ports.ts";

/** A person may have to answer the keychain's prompt while signing in. */
export const ATTENDED: CallOptions = { deadlineMs: 60_000, attended: true };

/** For calls that a person is waiting for, who may have to answer the keychain's prompt. */
export function attended(keychain: Keychain): Items {
  return {
    get: (name) => keychain.get(name, ATTENDED),
    set: (name, value) => keychain.set(name, value, ATTENDED),
    delete: (name) => keychain.delete(name, ATTENDED),
  };
}

/** Looks for an item where the state has no pointer to it: the keychain alone is enough to find a sign-in. */
export async function search(
  account: string,
  names: readonly string[],
  open: (name: string) => CredentialStore,
) {
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
