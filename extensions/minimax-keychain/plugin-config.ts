import * as z from "zod";
import { ACCOUNT_NAME, AuthError, quotable, STORE_NAMES } from "../../src/index.ts";
import { PLUGIN_ID } from "./names.ts";

const endpoints = z.strictObject({
  authorization: z.url().optional().meta({ description: "Origin of the authorization server." }),
  inference: z.url().optional().meta({ description: "Anthropic-compatible base URL." }),
});

/** `plugins.entries["minimax-keychain"].config`. The manifest's `configSchema` is generated from it. */
export const pluginConfigSchema = z.strictObject({
  region: z.enum(["global", "cn"]).optional().meta({
    description: "Endpoint to sign in to without asking: global (api.minimax.io) or cn (api.minimaxi.com).",
  }),
  account: z.string().regex(ACCOUNT_NAME).optional().meta({
    description: "The account that onboarding signs in; when left out the one in use, or `default`.",
  }),
  tokenStore: z
    .enum(["auto", ...STORE_NAMES])
    .optional()
    .meta({
      description: "Where tokens are kept; `auto` uses the OS keychain and nothing else.",
    }),
  endpoints: z
    .strictObject({ global: endpoints.optional(), cn: endpoints.optional() })
    .optional()
    .meta({ description: "Other servers in place of MiniMax's: HTTPS, or HTTP to this machine only." }),
});

/** The plugin's config after parsing. */
export type PluginConfig = z.infer<typeof pluginConfigSchema>;

/**
 * The plugin's config, checked.
 * @throws AuthError `config_invalid`
 */
export function parsePluginConfig(config: unknown): PluginConfig {
  const parsed = pluginConfigSchema.safeParse(config ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = [
    "plugins.entries",
    PLUGIN_ID,
    "config",
    ...(issue?.path ?? []).map((part) => quotable(String(part))),
  ].join(".");
  throw new AuthError("config_invalid", {
    what: `The plugin's config is not valid at ${path}: ${quotable(issue?.message ?? "unknown problem")}.`,
    kept: "Nothing was changed.",
    next: `Correct it with \`openclaw config set ${path} …\`, or remove it with \`openclaw config unset ${path}\`.`,
  });
}
