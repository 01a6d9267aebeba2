import type {
  ProviderFetchUsageSnapshotContext,
  ProviderPlugin,
  ProviderResolvedUsageAuth,
  ProviderResolveUsageAuthContext,
} from "openclaw/plugin-sdk/plugin-entry";
import { isAuthError, type Usage } from "../../../src/index.ts";
import { accountIn, configuredAccount, placeholderFor } from "../config/account.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";
import type { Runtime } from "../runtime.ts";

type ProviderUsageSnapshot = NonNullable<
  Awaited<ReturnType<NonNullable<ProviderPlugin["fetchUsageSnapshot"]>>>
>;

/** What `openclaw status --usage` and the Control UI ask. The manifest's `contracts.usageProviders` announces it. */
export function usageHooks(
  runtime: Runtime,
): Pick<ProviderPlugin, "resolveUsageAuth" | "fetchUsageSnapshot"> {
  return {
    resolveUsageAuth: (ctx) => resolveUsageAuth(ctx),
    fetchUsageSnapshot: (ctx) => fetchUsageSnapshot(runtime, ctx),
  };
}

/** The placeholder again: the token itself is fetched where it is sent, so that the host need not hold it. */
function resolveUsageAuth({ config }: ProviderResolveUsageAuthContext): ProviderResolvedUsageAuth | null {
  const account = configuredAccount(config);
  // Somebody's own API key: the host's business.
  return account === undefined ? null : { token: placeholderFor(account) };
}

async function fetchUsageSnapshot(
  { auth }: Runtime,
  { token, signal }: ProviderFetchUsageSnapshotContext,
): Promise<ProviderUsageSnapshot | null> {
  const account = accountIn(token);
  if (account === undefined) return null;
  try {
    return usageSnapshot(await auth.usage(account, { signal }));
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { ...NAMED, windows: [], error: error.message };
  }
}

/** Not "MiniMax": so the host calls the row of its bundled plugin, which asks with the placeholder. */
const NAMED = { provider: PORTAL_PROVIDER_ID, displayName: "MiniMax coding plan" } as const;

/** The host counts what is used, and knows neither "unknown" nor "unlimited": both are put into words. */
export function usageSnapshot({ rows }: Usage): ProviderUsageSnapshot {
  const windows: ProviderUsageSnapshot["windows"] = [];
  const words: string[] = [];
  for (const { name, interval, weekly } of rows) {
    for (const [label, window] of [[name, interval] as const, [`${name}, week`, weekly] as const]) {
      if (!window) continue;
      if (window.unlimited) words.push(`${label}: unlimited`);
      else if (window.remainingPercent === undefined) words.push(`${label}: unknown`);
      else {
        const resetAt = window.resetsAt === undefined ? {} : { resetAt: window.resetsAt };
        windows.push({ label, usedPercent: 100 - window.remainingPercent, ...resetAt });
      }
    }
  }
  return { ...NAMED, windows, ...(words.length > 0 ? { summary: words.join("; ") } : {}) };
}
