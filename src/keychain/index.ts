export { chooseKeychain, openKeychain, proveKeychain } from "./choose.ts";
export {
  type CallOptions,
  CHILD_FILE,
  type Keychain,
  type KeychainOptions,
  SERVICE,
} from "./keychain.ts";
export {
  holdSameItems,
  isStoreName,
  STORE_NAMES,
  STORES,
  type StoreName,
  storesOf,
  type TokenStore,
} from "./stores.ts";
