import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { API_KEY_PROVIDER_ID } from "./names.ts";

/** A credential in OpenClaw's own store. */
export interface CoreProfile {
  readonly profileId: string;
  /** undefined: the main agent's. */
  readonly agentDir: string | undefined;
  readonly provider: string;
  readonly type: string;
  readonly credential: object;
}

/** Every credential that OpenClaw keeps itself, of every agent. Loaded at need. */
export async function coreProfiles(config: OpenClawConfig): Promise<CoreProfile[]> {
  const { ensureAuthProfileStoreForLocalUpdate } = await import("openclaw/plugin-sdk/provider-auth");
  return agentDirectories(config).flatMap((agentDir) =>
    Object.entries(ensureAuthProfileStoreForLocalUpdate(agentDir).profiles).map(
      ([profileId, credential]): CoreProfile => ({
        profileId,
        agentDir,
        provider: credential.provider,
        type: credential.type,
        credential,
      }),
    ),
  );
}

/**
 * The ids of API keys for `minimax` in OpenClaw's own store, where they lie in plain text. OpenClaw uses them
 * before whatever the config says, and `openclaw doctor --fix` puts the config's key there.
 */
export async function coreKeyProfiles(config: OpenClawConfig): Promise<string[]> {
  const found = (await coreProfiles(config)).filter(
    ({ provider, type }) => provider === API_KEY_PROVIDER_ID && type === "api_key",
  );
  return [...new Set(found.map(({ profileId }) => profileId))];
}

function agentDirectories(config: OpenClawConfig): (string | undefined)[] {
  const entries = Object.values((config.agents as { entries?: object } | undefined)?.entries ?? {});
  const named = entries.map((entry: { agentDir?: unknown }) => entry?.agentDir);
  return [undefined, ...named.filter((path) => typeof path === "string")];
}
