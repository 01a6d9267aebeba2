import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import type { Patch } from "../config/patch.ts";

/** As much of an agent, or of the defaults of all, as says which models may be chosen. */
interface Agent {
  readonly modelPolicy?: { readonly allow?: readonly string[] };
  readonly models?: object;
}

interface Config {
  readonly meta?: { readonly migrations?: { readonly modelPolicyAllowlist?: boolean } };
  readonly agents?: { readonly defaults?: Agent; readonly entries?: Readonly<Record<string, Agent>> };
}

/**
 * What lets `refs` be chosen: they are added to every allow-list that restricts (`openclaw configure` leaves
 * one with a single model in it). An empty one allows everything (OpenClaw's docs, concepts/models).
 */
export function allowed(authored: OpenClawConfig, refs: readonly string[]): Patch {
  const { defaults, entries = {} } = (authored as Config).agents ?? {};
  const ofAll = withModels(defaults, refs);
  const ofEach = Object.entries(entries).flatMap(([name, agent]) => {
    const patch = withModels(agent, refs);
    return patch ? [[name, patch] as const] : [];
  });
  if (ofAll === undefined && ofEach.length === 0) return {};
  return {
    agents: {
      ...(ofAll ? { defaults: ofAll } : {}),
      ...(ofEach.length > 0 ? { entries: Object.fromEntries(ofEach) } : {}),
    },
  };
}

function withModels(agent: Agent | undefined, refs: readonly string[]): Patch | undefined {
  const allow = agent?.modelPolicy?.allow ?? [];
  const missing = refs.filter((ref) => !allow.includes(ref));
  return allow.length > 0 && missing.length > 0
    ? { modelPolicy: { allow: [...allow, ...missing] } }
    : undefined;
}

/**
 * What keeps every model allowed when the first entry comes into `agents.defaults.models`. A config that
 * OpenClaw 2026.8.1 or later has not written yet lacks the mark of its migration, and in such a one that map
 * is an allow-list (its docs, concepts/models).
 */
export function staysOpen(authored: OpenClawConfig): Patch {
  const { meta, agents } = authored as Config;
  const { modelPolicy, models = {} } = agents?.defaults ?? {};
  const migrated = meta?.migrations?.modelPolicyAllowlist === true;
  if (migrated || modelPolicy || Object.keys(models).length > 0) return {};
  return { agents: { defaults: { modelPolicy: {} } } };
}
