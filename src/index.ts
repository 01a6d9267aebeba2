export type { PlainLogin } from "./adopt.ts";
export { type ApiKeys, createApiKeys } from "./api-key.ts";
export { API_KEY_REF } from "./api-key-ref.ts";
export { checkBaseUrl } from "./base-url-check.ts";
export { openBrowser } from "./browser.ts";
export { type KeyCommand, missingOf, writeKeyCommand } from "./key-command.ts";
export { CHILD_FILE } from "./keychain/index.ts";
export { inferenceAdvice, inferenceRefusal, type RefusedRequest } from "./minimax/inference-refusal.ts";
export { LM_STUDIO_MODEL, type Model } from "./minimax/model-data.ts";
export { checkModelId, type ModelIdFinding, nearestModelId } from "./minimax/model-ids.ts";
export { DEFAULT_MODEL_ID, DOCUMENT_MODEL_ID, MODELS } from "./minimax/models.ts";
export {
  type EndpointOverrides,
  endpointsOf,
  parseRegion,
  REGIONS,
  type RegionId,
  regionLabel,
} from "./minimax/regions.ts";
export type { UsageRow, UsageWindow } from "./minimax/usage.ts";
export type { Usage } from "./minimax/usage-client.ts";
export type { Moved } from "./move.ts";
export { proxySettings } from "./oauth/proxy.ts";
export type { DurableStore, PortalAuthOptions, TokenStore } from "./options.ts";
export { type AccountStatus, createPortalAuth, type PortalAuth, type StoredSignIn } from "./portal-auth.ts";
export { qrCode } from "./qr-code.ts";
export {
  AuthError,
  cancelled,
  type ErrorCode,
  isAuthError,
  SIGN_IN_COMMAND,
  USAGE_COMMAND,
} from "./safety/error.ts";
export { plainText, quotable } from "./safety/foreign-text.ts";
export { maskSecrets, reveal, Secret } from "./safety/secret.ts";
export { userStateDirectory } from "./state-directory.ts";
export type { Patience } from "./tokens/caller.ts";
export { ACCOUNT_NAME } from "./tokens/credential.ts";
export type { LiveToken } from "./tokens/memory.ts";
export type { AccountState, Outcome } from "./tokens/ports.ts";
export type { PendingSignIn, SignedIn, WaitState } from "./tokens/sign-in.ts";
