import { anySize } from "./any-size.ts";
import { boundKeychain } from "./bound.ts";
import { encryptedFileKeychain } from "./encrypted-file.ts";
import { memoryKeychain } from "./memory.ts";
import type { Keychain, KeychainOptions, StoreName } from "./port.ts";

/** The named store, and only that one. Nothing is loaded, read or started before the first call. */
export function openKeychain(store: StoreName, options: KeychainOptions): Keychain {
  switch (store) {
    case "keytar":
    case "secret-service":
      return anySize(boundKeychain(store, options), options);
    case "encrypted-file":
      return encryptedFileKeychain(options);
    case "memory":
      return memoryKeychain();
  }
}
