export { chooseKeychain, openKeychain, proveKeychain } from "./choose.ts";
export {
  type CallOptions,
  CHILD_FILE,
  holdSameItems,
  type Keychain,
  type KeychainOptions,
  SERVICE,
  type StoreName,
} from "./keychain.ts";
