import { ACCOUNT_NAME } from "../../../src/index.ts";
import { DEFAULT_ACCOUNT, PLUGIN_ID, PORTAL_PROVIDER_ID } from "../names.ts";

const PREFIX = `${PLUGIN_ID}:`;

/** What stands in OpenClaw's config in place of a key: it names the account and is no secret. */
export const placeholderFor = (account: string): string => `${PREFIX}${account}`;

/** The account that a placeholder names, or undefined for anything else (a person's own API key, say). */
export function accountIn(apiKey: unknown): string | undefined {
  if (typeof apiKey !== "string" || !apiKey.startsWith(PREFIX)) return undefined;
  const account = apiKey.slice(PREFIX.length);
  return ACCOUNT_NAME.test(account) ? account : undefined;
}

interface ConfigWithProviders {
  models?: { providers?: Record<string, { apiKey?: unknown } | undefined> };
}

/** The account that serves `minimax-portal` in this config, or undefined when no placeholder stands there. */
export function configuredAccount(config: ConfigWithProviders | undefined): string | undefined {
  return accountIn(config?.models?.providers?.[PORTAL_PROVIDER_ID]?.apiKey);
}

/** The account that a command is about, where none is named. */
export function accountInUse(
  set: { readonly account?: string | undefined },
  config: ConfigWithProviders,
): string {
  return configuredAccount(config) ?? set.account ?? DEFAULT_ACCOUNT;
}

/**
 * The account that a sign-in is for, where none is named: the one that is set, or else the one in use. Its
 * sign-in may have ended; one of another account must not be replaced for it.
 */
export function accountToSignIn(
  set: { readonly account?: string | undefined },
  config: ConfigWithProviders,
): string {
  return set.account ?? configuredAccount(config) ?? DEFAULT_ACCOUNT;
}
