export { chooseKeychain, proveKeychain } from "./choose.ts";
export {
  type CallOptions,
  CHILD_FILE,
  type Keychain,
  type KeychainOptions,
  SERVICE,
  type StoreName,
} from "./keychain.ts";
export { openKeychain } from "./open.ts";
export { holdSameItems } from "./same-items.ts";
