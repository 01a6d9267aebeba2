import type { OpenClawPluginService } from "openclaw/plugin-sdk/plugin-entry";
import { isAuthError, REGIONS, type RegionId } from "../../src/index.ts";
import { configuredAccount } from "./placeholder.ts";
import type { Runtime } from "./runtime.ts";

/**
 * While the gateway runs: signs in again from the keychain at start, behind the gateway's back, so that
 * neither its start nor the first request waits for it.
 */
export function gatewayService({ auth }: Runtime): OpenClawPluginService {
  return {
    id: "minimax-portal-session",
    start(ctx) {
      const account = configuredAccount(ctx.config);
      if (account === undefined) return;
      auth.token(account).then(
        (token) => {
          ctx.serviceHealth?.clearFailure();
          const region = REGIONS[token.region as RegionId]?.label ?? token.region;
          ctx.logger.info(
            `MiniMax (${region}): signed in, token valid until ${new Date(token.expiresAt).toISOString()}`,
          );
        },
        (error: unknown) => {
          const shown = isAuthError(error) ? error : new Error("The MiniMax sign-in could not be read.");
          ctx.logger.warn(shown.message);
          ctx.serviceHealth?.reportFailure(shown);
        },
      );
    },
  };
}
