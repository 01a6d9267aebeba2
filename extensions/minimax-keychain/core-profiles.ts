import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { API_KEY_PROVIDER_ID, PORTAL_PROVIDER_ID } from "./names.ts";

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
  const { resolveStateDir } = await import("openclaw/plugin-sdk/state-paths");
  return agentDirectories(config, resolveStateDir()).flatMap((agentDir) =>
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

/** Whether it is a login that the bundled plugin's sign-in left. */
export function isOldLogin({ provider, type }: CoreProfile): boolean {
  return provider === PORTAL_PROVIDER_ID && type === "oauth";
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

/** A store of an agent's own; the host makes it with the first login for that agent. */
export const AGENT_STORE = "openclaw-agent.sqlite";

/** The main agent's store first, then those of agents with one of their own, also of such as are no longer set up. */
function agentDirectories(config: OpenClawConfig, stateDirectory: string): (string | undefined)[] {
  const entries = Object.values((config.agents as { entries?: object } | undefined)?.entries ?? {});
  const named = entries.map((entry: { agentDir?: unknown }) => entry?.agentDir);
  const agents = join(stateDirectory, "agents");
  const usual = existsSync(agents) ? readdirSync(agents).map((id) => join(agents, id, "agent")) : [];
  const own = usual.filter((directory) => existsSync(join(directory, AGENT_STORE)));
  return [undefined, ...new Set([...named.filter((path) => typeof path === "string"), ...own])];
}
