import { encryptedFileKeychain } from "./files/encrypted-file.ts";
import type { Keychain, KeychainOptions, StoreName } from "./keychain.ts";
import { anySize } from "./large-values.ts";
import { memoryKeychain } from "./memory.ts";
import { boundKeychain } from "./os/os-keychain.ts";

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
