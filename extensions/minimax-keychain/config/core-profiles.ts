import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { API_KEY_PROVIDER_ID, PORTAL_PROVIDER_ID } from "../names.ts";

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
 * The commands that delete the API keys for `minimax` from OpenClaw's own store, where they lie in plain text.
 * OpenClaw uses them before whatever the config says, and `openclaw doctor --fix` puts the config's key there.
 */
export async function coreKeyRemovals(config: OpenClawConfig): Promise<string[]> {
  const found = (await coreProfiles(config)).filter(
    ({ provider, type }) => provider === API_KEY_PROVIDER_ID && type === "api_key",
  );
  const commands = found.map(
    ({ profileId, agentDir }) => `openclaw models auth logout ${profileId}${agentOption(config, agentDir)}`,
  );
  return [...new Set(commands)];
}

/** Of several agents OpenClaw wants to know which one is meant. */
export function agentOption(config: OpenClawConfig, agentDir: string | undefined): string {
  const agents = agentsIn(config);
  if (Object.keys(agents).length < 2) return "";
  const named = Object.entries(agents).find(([, agent]) => agentDir && agent?.agentDir === agentDir)?.[0];
  const usual = /[\\/]agents[\\/]([^\\/]+)[\\/]agent$/.exec(agentDir ?? "")?.[1];
  return ` --agent ${named ?? usual ?? "main"}`;
}

type Agents = Readonly<Record<string, { readonly agentDir?: unknown } | undefined>>;

const agentsIn = ({ agents }: OpenClawConfig): Agents =>
  (agents as { entries?: Agents } | undefined)?.entries ?? {};

/** A store of an agent's own; the host makes it with the first login for that agent. */
export const AGENT_STORE = "openclaw-agent.sqlite";

/** The main agent's store first, then those of agents with one of their own, also of such as are no longer set up. */
function agentDirectories(config: OpenClawConfig, stateDirectory: string): (string | undefined)[] {
  const named = Object.values(agentsIn(config)).map((agent) => agent?.agentDir);
  const agents = join(stateDirectory, "agents");
  const usual = existsSync(agents) ? readdirSync(agents).map((id) => join(agents, id, "agent")) : [];
  const own = usual.filter((directory) => existsSync(join(directory, AGENT_STORE)));
  return [undefined, ...new Set([...named.filter((path) => typeof path === "string"), ...own])];
}
