export type { Moved } from "./accounts/move.ts";
export type { AuthOptions } from "./accounts/options.ts";
export type { SignedIn } from "./accounts/sign-in.ts";
export type { PlainLogin } from "./accounts/take-over.ts";
export { API_KEY_REF, type ApiKeys, createApiKeys } from "./api-key/api-key.ts";
export { type KeyCommand, missingOf, writeKeyCommand } from "./api-key/command.ts";
export { type AccountStatus, type Auth, createAuth, type StoredSignIn } from "./auth.ts";
export {
  AuthError,
  cancelled,
  type ErrorCode,
  isAuthError,
  SIGN_IN_COMMAND,
  USAGE_COMMAND,
} from "./base/error.ts";
export { maskSecrets, reveal, Secret } from "./base/secret.ts";
export { shared } from "./base/shared.ts";
export { parseJson, plainText, quotable } from "./base/text.ts";
export type { WaitOptions } from "./base/waiting.ts";
export { proxySettings } from "./http/proxy.ts";
export {
  CHILD_FILE,
  isStoreName,
  STORE_NAMES,
  STORES,
  type StoreName,
  type TokenStore,
} from "./keychain/index.ts";
export { checkBaseUrl } from "./minimax/addresses.ts";
export { adviceFor, type Meaning, meaningIn } from "./minimax/api/errors.ts";
export type { Usage, UsageRow, UsageWindow } from "./minimax/api/usage.ts";
export { checkModelId, type ModelIdFinding, nearestModelId } from "./minimax/models/ids.ts";
export {
  DEFAULT_MODEL_ID,
  DOCUMENT_MODEL_ID,
  LM_STUDIO_MODEL,
  MODELS,
  type Model,
} from "./minimax/models/models.ts";
export {
  type EndpointOverrides,
  endpointsOf,
  parseRegion,
  REGIONS,
  type RegionId,
  regionLabel,
} from "./minimax/regions.ts";
export { userStateDirectory } from "./state/directory.ts";
export { ACCOUNT_NAME } from "./tokens/credential.ts";
export type { LiveToken } from "./tokens/session-memory.ts";
export type { AccountState, Outcome, PendingSignIn, WaitState } from "./tokens/types.ts";
