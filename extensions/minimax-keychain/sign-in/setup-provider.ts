import type { ProviderPlugin } from "openclaw/plugin-sdk/plugin-entry";
import { PORTAL_LABEL, SETUP_PROVIDER_ID } from "../names.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Carries the auth method. It has an id of its own because, until our folder stands in
 * `plugins.load.paths`, the bundled plugin owns `minimax-portal`. What a sign-in needs is loaded then.
 */
export function setupProvider(runtime: Runtime): ProviderPlugin {
  const onboarding = () => import("./onboarding.ts");
  return {
    id: SETUP_PROVIDER_ID,
    label: PORTAL_LABEL,
    auth: [
      {
        id: "portal-oauth",
        label: "MiniMax OAuth",
        hint: "coding plan, tokens in the OS keychain",
        kind: "device_code",
        run: async (ctx) => (await onboarding()).run(runtime, ctx),
        runNonInteractive: async (ctx) => (await onboarding()).runNonInteractive(runtime, ctx),
      },
    ],
  };
}
