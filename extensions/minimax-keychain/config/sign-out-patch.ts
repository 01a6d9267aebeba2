import { isDeepStrictEqual } from "node:util";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { MODELS } from "../../../src/index.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";
import { configuredAccount } from "./account.ts";

type Entries = Record<string, unknown>;

/**
 * The config without what signing in and the presets put there: the provider with our placeholder, our aliases,
 * and our models where they are the default, a fallback, an agent's own or in an allow-list. A provider to which the person added something keeps that, without the
 * placeholder. The plugin itself stays: `openclaw plugins uninstall` is what removes it.
 * @param signedOut the accounts that are gone; the placeholder of another one is left as it is
 * @returns `config` itself where nothing of ours is in it
 */
export function withoutSignIn(config: OpenClawConfig, signedOut: readonly string[]): OpenClawConfig {
  const account = configuredAccount(config);
  if (account === undefined || !signedOut.includes(account)) return config;
  const providers = { ...config.models?.providers } as Entries;
  const kept = whatThePersonAdded(providers[PORTAL_PROVIDER_ID] as Entries);
  if (kept) providers[PORTAL_PROVIDER_ID] = kept;
  else delete providers[PORTAL_PROVIDER_ID];
  return {
    ...config,
    models: { ...config.models, providers },
    ...(config.agents ? { agents: withoutOurs(config.agents) } : {}),
  } as OpenClawConfig;
}

const OUR_FIELDS = ["baseUrl", "api", "authHeader", "apiKey", "models"];

function whatThePersonAdded(provider: Entries): Entries | undefined {
  const { apiKey: _, ...rest } = provider;
  const ids = new Set(MODELS.map(({ id }) => id));
  const models = Array.isArray(rest.models) ? rest.models : [];
  const theirs = models.some((model: { id?: unknown }) => !ids.has(String(model?.id)));
  return theirs || Object.keys(rest).some((field) => !OUR_FIELDS.includes(field)) ? rest : undefined;
}

function withoutOurs(agents: NonNullable<OpenClawConfig["agents"]>): object {
  const { defaults, entries } = agents as { defaults?: Entries; entries?: Record<string, Entries> };
  return {
    ...agents,
    ...(defaults ? { defaults: withoutOurAliases(withoutOurModels(defaults)) } : {}),
    ...(entries
      ? {
          entries: Object.fromEntries(
            Object.entries(entries).map(([id, each]) => [id, withoutOurModels(each)]),
          ),
        }
      : {}),
  };
}

const isOurs = (ref: unknown) =>
  ref === `${PORTAL_PROVIDER_ID}/*` || MODELS.some(({ id }) => ref === `${PORTAL_PROVIDER_ID}/${id}`);

function withoutOurAliases(defaults: Entries): Entries {
  if (defaults.models === undefined) return defaults;
  const models = { ...(defaults.models as Entries) };
  for (const { id, alias } of MODELS) {
    const ref = `${PORTAL_PROVIDER_ID}/${id}`;
    // The last is what the preset "fallback" gives.
    const written = [{ alias }, {}, { alias: "minimax" }];
    if (written.some((each) => isDeepStrictEqual(models[ref], each))) delete models[ref];
  }
  return { ...defaults, models };
}

/** An agent, or what holds for all, without our models. */
function withoutOurModels(agent: Entries): Entries {
  const { model, modelPolicy, ...others } = agent;
  const left = withoutOurChoice(model);
  const policy = modelPolicy as { allow?: unknown } | undefined;
  const allow = Array.isArray(policy?.allow) ? policy.allow.filter((ref) => !isOurs(ref)) : [];
  return {
    ...others,
    ...(left === undefined ? {} : { model: left }),
    ...(policy === undefined ? {} : { modelPolicy: policy }),
    // An empty list would allow everything.
    ...(allow.length > 0 ? { modelPolicy: { ...policy, allow } } : {}),
  };
}

function withoutOurChoice(model: unknown): unknown {
  if (isOurs(model)) return undefined;
  if (typeof model !== "object" || model === null) return model;
  const { primary, fallbacks, ...rest } = model as Entries;
  const left = Array.isArray(fallbacks) ? fallbacks.filter((ref) => !isOurs(ref)) : [];
  const kept = {
    ...(primary === undefined || isOurs(primary) ? {} : { primary }),
    ...(left.length > 0 ? { fallbacks: left } : {}),
    ...rest,
  };
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/**
 * The config without the names of OAuth profiles of `minimax-portal`, which the bundled plugin's sign-in
 * leaves there and which point to nothing once the login itself has moved.
 */
export function withoutCoreProfiles(config: OpenClawConfig): OpenClawConfig {
  const auth = config.auth as { profiles?: Entries; order?: Entries } | undefined;
  const { profiles = {}, order = {} } = auth ?? {};
  const ours = Object.entries(profiles).filter(([, profile]) => {
    const { provider, mode } = (profile ?? {}) as { provider?: unknown; mode?: unknown };
    return provider === PORTAL_PROVIDER_ID && mode === "oauth";
  });
  if (ours.length === 0) return config;
  const ids = new Set(ours.map(([id]) => id));
  const keep = (entries: Entries) =>
    Object.fromEntries(Object.entries(entries).filter(([id]) => !ids.has(id)));
  const ordered = order[PORTAL_PROVIDER_ID];
  const left = Array.isArray(ordered) ? ordered.filter((id) => !ids.has(id)) : [];
  const { [PORTAL_PROVIDER_ID]: _, ...otherOrders } = order;
  const newOrder = left.length > 0 ? { ...otherOrders, [PORTAL_PROVIDER_ID]: left } : otherOrders;
  return {
    ...config,
    auth: { ...auth, profiles: keep(profiles), ...(auth?.order ? { order: newOrder } : {}) },
  } as OpenClawConfig;
}
