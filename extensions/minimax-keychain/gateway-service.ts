import type { OpenClawPluginService, OpenClawPluginServiceContext } from "openclaw/plugin-sdk/plugin-entry";
import { type Auth, isAuthError, type LiveToken, regionLabel } from "../../src/index.ts";
import { configuredAccount } from "./config/account.ts";
import { PLUGIN_ID, PORTAL_PROVIDER_ID } from "./names.ts";
import type { Runtime } from "./runtime.ts";

/** The gateway gives its services a second in all to stop. */
const FLUSH_MS = 800;

/**
 * While the gateway runs: signs in again from the keychain at start, behind the gateway's back, and keeps
 * the token fresh, so that neither the start nor a request waits for it. When a person is needed, that is
 * reported once, in the log and in the service's health.
 */
export function gatewayService({ auth }: Runtime): OpenClawPluginService {
  let running: AbortController | undefined;
  return {
    id: "minimax-portal-session",
    reload: { configPrefixes: [`plugins.entries.${PLUGIN_ID}`, `models.providers.${PORTAL_PROVIDER_ID}`] },
    start(ctx) {
      running?.abort();
      const account = configuredAccount(ctx.config);
      if (account === undefined) return;
      running = new AbortController();
      void auth.keepFresh(account, { signal: running.signal, ...reporter(ctx) });
    },
    async stop() {
      running?.abort();
      running = undefined;
      await withinMs(FLUSH_MS, auth.flush());
    },
  };
}

function reporter({ logger, serviceHealth }: Pick<OpenClawPluginServiceContext, "logger" | "serviceHealth">) {
  let quiet = false;
  return {
    onToken({ region, expiresAt }: LiveToken) {
      serviceHealth?.clearFailure();
      const until = new Date(expiresAt).toISOString();
      // Each refresh that goes well is no news.
      if (!quiet)
        logger.info(
          `MiniMax (${regionLabel(region)}): signed in, token valid until ${until}, refreshed by itself`,
        );
      quiet = true;
    },
    onTrouble(error: unknown) {
      quiet = false;
      const shown = isAuthError(error) ? error : new Error("The MiniMax sign-in could not be read.");
      logger.warn(shown.message);
      serviceHealth?.reportFailure(shown);
    },
  };
}

/** Waits for what the keychain refused before, but not longer; the keychain may still be refusing. */
async function withinMs(ms: number, flushed: ReturnType<Auth["flush"]>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([flushed.catch(() => {}), late]);
  clearTimeout(timer);
}
