export type { Moved } from "./accounts/move.ts";
export type { DurableStore, PortalAuthOptions, TokenStore } from "./accounts/options.ts";
export type { PendingSignIn, SignedIn, WaitState } from "./accounts/sign-in.ts";
export type { PlainLogin } from "./accounts/take-over.ts";
export { type ApiKeys, createApiKeys } from "./api-key/api-key.ts";
export { type KeyCommand, missingOf, writeKeyCommand } from "./api-key/command.ts";
export { API_KEY_REF } from "./api-key-ref.ts";
export { type AccountStatus, createPortalAuth, type PortalAuth, type StoredSignIn } from "./auth.ts";
export {
  AuthError,
  cancelled,
  type ErrorCode,
  isAuthError,
  SIGN_IN_COMMAND,
  USAGE_COMMAND,
} from "./base/error.ts";
export { maskSecrets, reveal, Secret } from "./base/secret.ts";
export { plainText, quotable } from "./base/text.ts";
export { checkBaseUrl } from "./base-url-check.ts";
export { openBrowser } from "./browser.ts";
export { proxySettings } from "./http/proxy.ts";
export { CHILD_FILE } from "./keychain/index.ts";
export type { UsageRow, UsageWindow } from "./minimax/api/usage.ts";
export { inferenceAdvice, inferenceRefusal, type RefusedRequest } from "./minimax/inference-refusal.ts";
export { checkModelId, type ModelIdFinding, nearestModelId } from "./minimax/models/ids.ts";
export { LM_STUDIO_MODEL, type Model } from "./minimax/models/models.ts";
export { DEFAULT_MODEL_ID, DOCUMENT_MODEL_ID, MODELS } from "./minimax/models.ts";
export {
  type EndpointOverrides,
  endpointsOf,
  parseRegion,
  REGIONS,
  type RegionId,
  regionLabel,
} from "./minimax/regions.ts";
export type { Usage } from "./minimax/usage-client.ts";
export { qrCode } from "./qr-code.ts";
export { userStateDirectory } from "./state/directory.ts";
export type { Patience } from "./tokens/caller.ts";
export { ACCOUNT_NAME } from "./tokens/credential.ts";
export type { LiveToken } from "./tokens/session-memory.ts";
export type { AccountState, Outcome } from "./tokens/types.ts";
