import type { Clock } from "../base/clock.ts";
import { isAuthError } from "../base/error.ts";
import type { Keychain } from "../keychain/index.ts";
import { ATTENDED } from "../keychain/keychain.ts";
import type { Items } from "../tokens/credential-store.ts";
import type { CredentialStore } from "../tokens/types.ts";

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
  // "Signed out" is only what every keychain that could be asked says.
  const unasked = failures.find((error) => isAuthError(error, "keychain_locked", "keychain_timed_out"));
  if (unasked) throw unasked;
  if (failures.length === names.length) throw failures[0];
  return undefined;
}

/** How long a search that found nothing is believed, while the state does not change, ms. */
const SEARCH_AGAIN_MS = 60_000;

/**
 * `find`, which remembers for a while that nothing was found: it starts processes, and a gateway whose sign-in
 * is gone asks every few seconds.
 * @param version changes with every sign-in, of any process
 */
export function rememberNotFound<T>(
  find: (account: string) => Promise<T | undefined>,
  version: () => string,
  clock: Pick<Clock, "monotonic">,
): (account: string) => Promise<T | undefined> {
  const notFound = new Map<string, { readonly version: string; readonly until: number }>();
  return async (account) => {
    const now = version();
    const before = notFound.get(account);
    if (before?.version === now && clock.monotonic() < before.until) return undefined;
    const found = await find(account);
    if (!found) notFound.set(account, { version: now, until: clock.monotonic() + SEARCH_AGAIN_MS });
    return found;
  };
}
