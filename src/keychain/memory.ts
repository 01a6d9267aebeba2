import { checkAccount, checkValue } from "./errors.ts";
import type { Keychain } from "./keychain.ts";

// On globalThis because the host loads a plugin's modules more than once in one process.
const ITEMS = Symbol.for("openclaw-minimax-keychain.memory");

interface Shared {
  [ITEMS]?: Map<string, string>;
}

/** Values in this process's memory only: they end with it. */
export function memoryKeychain(): Keychain {
  const shared = globalThis as Shared;
  shared[ITEMS] ??= new Map();
  const items = shared[ITEMS];
  return {
    store: "memory",
    async get(account, call) {
      call?.signal?.throwIfAborted();
      checkAccount("memory", "get", account);
      return items.get(account);
    },
    async set(account, value, call) {
      call?.signal?.throwIfAborted();
      checkAccount("memory", "set", account);
      checkValue("memory", value);
      items.set(account, value);
    },
    async delete(account, call) {
      call?.signal?.throwIfAborted();
      checkAccount("memory", "delete", account);
      return items.delete(account);
    },
  };
}
