import type { Keychain } from "../../src/keychain/index.ts";
import type { StoreName } from "../../src/keychain/stores.ts";

/** A keychain in memory, under the name of a real store: tests that are about no keychain need none. */
export function memoryKeychain(items = new Map<string, string>(), store: StoreName = "keytar"): Keychain {
  return {
    store,
    async get(account, call) {
      call?.signal?.throwIfAborted();
      return items.get(account);
    },
    async set(account, value, call) {
      call?.signal?.throwIfAborted();
      items.set(account, value);
    },
    async delete(account, call) {
      call?.signal?.throwIfAborted();
      return items.delete(account);
    },
  };
}
