import type { OpenClawConfig, ProviderAuthContext } from "openclaw/plugin-sdk/plugin-entry";
import { type Auth, parseRegion, REGIONS, type RegionId } from "../../../src/index.ts";
import { accountToSignIn } from "../config/account.ts";
import { parsePluginConfig } from "../plugin-config.ts";
import type { Runtime } from "../runtime.ts";

export function givenRegion(
  runtime: Runtime,
  opts: Record<string, unknown> | undefined,
): RegionId | undefined {
  const option = opts?.minimaxRegion;
  if (typeof option === "string" && option !== "") return parseRegion(option);
  const configured = runtime.config.region ?? process.env.MINIMAX_REGION;
  return configured ? parseRegion(configured) : undefined;
}

/** Where the account to sign in was signed in before. */
export function regionBefore(runtime: Runtime, config: OpenClawConfig): Promise<RegionId | undefined> {
  return lastRegion(runtime.auth, accountToSignIn(parsePluginConfig(runtime.config), config));
}

export function endpointTaken(region: RegionId): string {
  const { label, apiHost } = REGIONS[region];
  const other =
    region === "global" ? "For China: --minimax-region cn" : "For Global: --minimax-region global";
  return `Endpoint: ${label} (${apiHost}). ${other}`;
}

export async function askRegion(ctx: ProviderAuthContext, before: RegionId = "global"): Promise<RegionId> {
  return ctx.prompter.select<RegionId>({
    message: "MiniMax endpoint",
    options: [
      { value: "global", label: "Global", hint: "international users, api.minimax.io" },
      { value: "cn", label: "CN", hint: "users in China, api.minimaxi.com" },
    ],
    initialValue: before,
  });
}

/**
 * The endpoint that an account was signed in to last; a plan is good at one endpoint only, so a sign-in is
 * renewed there. Asks the state and no keychain.
 */
export async function lastRegion(
  auth: Pick<Auth, "accounts" | "status">,
  account: string,
): Promise<RegionId | undefined> {
  try {
    if (!(await auth.accounts()).includes(account)) return undefined;
    return parseRegion((await auth.status(account))?.region ?? "");
  } catch {
    return undefined;
  }
}
