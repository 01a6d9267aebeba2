/** What stands in OpenClaw's config in place of the API key, and what the host asks the provider for. */
export const API_KEY_REF = { source: "exec", provider: "minimax-keychain", id: "minimax-api-key" } as const;
