import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { DEFAULT_MODEL_ID, MODELS } from "../../../src/index.ts";
import { PLUGIN_ID, PORTAL_PROVIDER_ID } from "../names.ts";
import { placeholderFor } from "./account.ts";
import { defaultModelIn, merge, type Patch } from "./patch.ts";

/** What onboarding writes, except that a default model of the person's stays. */
export function configAfterLogin(input: Parameters<typeof patchedConfig>[0]): OpenClawConfig {
  const patched = patchedConfig(input);
  if (defaultModelIn(input.config) === undefined) return patched;
  const model = input.config.agents?.defaults?.model;
  return {
    ...patched,
    agents: { ...patched.agents, defaults: { ...patched.agents?.defaults, model } },
  } as OpenClawConfig;
}

export interface ConfigPatchInput {
  /** The person's config as it stands. */
  readonly config: OpenClawConfig;
  /** The plugin's folder. In `plugins.load.paths` it registers before the bundled plugin. */
  readonly rootDir: string;
  readonly account: string;
  readonly baseUrl: string;
}

export const DEFAULT_MODEL_REF = `${PORTAL_PROVIDER_ID}/${DEFAULT_MODEL_ID}`;

/** The config paths that signing in writes below. */
export const PATCHED_PATHS: readonly (readonly string[])[] = [
  ["plugins", "entries", PLUGIN_ID],
  ["plugins", "load", "paths"],
  ["models", "providers", PORTAL_PROVIDER_ID],
  ["agents", "defaults", "models"],
  ["agents", "defaults", "model"],
];

/**
 * What signing in changes in OpenClaw's config. Lists are given whole, because the host replaces them;
 * whatever the person set is kept, except the four fields without which a sign-in would not be used.
 */
export function configPatch({ config, rootDir, account, baseUrl }: ConfigPatchInput): OpenClawConfig {
  const provider = config.models?.providers?.[PORTAL_PROVIDER_ID];
  const patch = {
    plugins: {
      entries: { [PLUGIN_ID]: { enabled: true } },
      load: { paths: withOnce(config.plugins?.load?.paths ?? [], rootDir) },
    },
    models: {
      providers: {
        [PORTAL_PROVIDER_ID]: {
          ...provider,
          baseUrl,
          api: "anthropic-messages",
          authHeader: true,
          apiKey: placeholderFor(account),
          models: withOurModels(provider?.models ?? []),
        },
      },
    },
    agents: { defaults: { models: entriesForOurModels(config.agents?.defaults?.models ?? {}) } },
  };
  // The host's own type wants more of a model than its schema does.
  return patch as unknown as OpenClawConfig;
}

/** The config with the patch and the default model: what a non-interactive onboarding returns. */
export function patchedConfig(input: ConfigPatchInput): OpenClawConfig {
  const model = { agents: { defaults: { model: { primary: DEFAULT_MODEL_REF } } } };
  return merge(input.config as Patch, configPatch(input) as Patch, model) as OpenClawConfig;
}

function withOnce(paths: readonly string[], path: string): string[] {
  return paths.includes(path) ? [...paths] : [...paths, path];
}

type ProviderModels = readonly { readonly id: string }[];

/** A provider's models, and behind them those of ours that it does not have yet. */
export function withOurModels(existing: ProviderModels): ProviderModels {
  const ids = new Set(existing.map((model) => model.id));
  const ours = MODELS.filter((model) => !ids.has(model.id)).map(({ alias: _, ...model }) => model);
  return [...existing, ...ours];
}

type Entries = Readonly<Record<string, { readonly alias?: string | undefined }>>;

function entriesForOurModels(existing: Entries): Patch {
  const refs = MODELS.map(({ id, alias }) => [`${PORTAL_PROVIDER_ID}/${id}`, alias] as const);
  return Object.fromEntries(refs.map(([ref, alias]) => [ref, modelEntry(existing, ref, alias)]));
}

/**
 * A model's entry in `agents.defaults.models`: the one that the person has, or a new one, with the alias
 * unless they use that for another model.
 */
export function modelEntry(existing: Entries, ref: string, alias: string | undefined): Patch {
  if (existing[ref]) return existing[ref];
  const isTaken = Object.values(existing).some(
    (entry) => entry?.alias?.toLowerCase() === alias?.toLowerCase(),
  );
  return alias === undefined || isTaken ? {} : { alias };
}
