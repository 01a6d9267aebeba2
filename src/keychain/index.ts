export { chooseKeychain } from "./choose.ts";
export { openKeychain } from "./open.ts";
export { type CallOptions, type Keychain, type KeychainOptions, SERVICE, type StoreName } from "./port.ts";
