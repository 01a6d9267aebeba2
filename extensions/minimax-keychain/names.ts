/** Names that the host, the manifest and the config know us by. */
export const PLUGIN_ID = "minimax-keychain";
/** Carries the auth method only: the bundled plugin owns `minimax-portal` while onboarding runs. */
export const SETUP_PROVIDER_ID = "minimax-keychain";
/** Serves the requests, once our root stands in `plugins.load.paths`. */
export const PORTAL_PROVIDER_ID = "minimax-portal";
/** OpenClaw's own provider for an API key. */
export const API_KEY_PROVIDER_ID = "minimax";
export const PORTAL_LABEL = "MiniMax";
export const DEFAULT_ACCOUNT = "default";
