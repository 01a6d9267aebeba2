export { chooseKeychain, proveKeychain } from "./choose.ts";
export { openKeychain } from "./open.ts";
export {
  type CallOptions,
  CHILD_FILE,
  type Keychain,
  type KeychainOptions,
  SERVICE,
  type StoreName,
} from "./port.ts";
export { holdSameItems } from "./same-items.ts";
