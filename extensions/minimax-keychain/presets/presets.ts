import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import {
  API_KEY_REF,
  DEFAULT_MODEL_ID,
  DOCUMENT_MODEL_ID,
  LM_STUDIO_MODEL,
  MODELS,
  REGIONS,
  type RegionId,
} from "../../../src/index.ts";
import { defaultModelIn, merge, type Patch } from "../config/patch.ts";
import { configPatch, modelEntry, withOurModels } from "../config/sign-in-patch.ts";
import { API_KEY_PROVIDER_ID, PORTAL_PROVIDER_ID } from "../names.ts";
import { same } from "./json5-edit.ts";
import { allowed, staysOpen } from "./model-policy.ts";

export const PRESETS = ["oauth", "api-key", "fallback", "lm-studio"] as const;
export type PresetName = (typeof PRESETS)[number];

const OPUS = "anthropic/claude-opus-4-6";

/** The document's way to a key; the host fills the variable in. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the host's syntax
export const KEY_VARIABLE = "${MINIMAX_API_KEY}";

export interface PresetInput {
  /** The config file's own content: nothing resolved, so that no secret gets into a patch. */
  readonly authored: OpenClawConfig;
  readonly rootDir: string;
  readonly account: string;
  /** `--region`; without it an address that stands in the config stays. */
  readonly region?: RegionId | undefined;
  /** The region of the sign-in, if somebody signed in. */
  readonly signedInAt?: RegionId | undefined;
  /** The model id of `--model`. */
  readonly model?: string | undefined;
  /** `--api`: the form of the requests with an API key. */
  readonly api?: "anthropic" | "openai" | undefined;
  /** How the host gets the key; undefined: from the variable MINIMAX_API_KEY. */
  readonly keySource?: Patch | undefined;
  /** `--with`: which provider falls in. */
  readonly fallbackProvider?: "minimax" | "minimax-portal" | undefined;
  /** `--primary` */
  readonly primary?: string | undefined;
}

/** What a preset wants the config to hold. What the person set for themselves is wanted as it stands. */
export function presetPatch(name: PresetName, input: PresetInput): Patch {
  // Each of them puts its models into `agents.defaults.models`.
  return merge(ownPatch(name, input), staysOpen(input.authored));
}

function ownPatch(name: PresetName, input: PresetInput): Patch {
  switch (name) {
    case "oauth":
      return merge(portalPatch(input), selectModel(input, PORTAL_PROVIDER_ID, DEFAULT_MODEL_ID));
    case "api-key":
      return merge(apiKeyPatch(input), selectModel(input, API_KEY_PROVIDER_ID, DOCUMENT_MODEL_ID));
    case "fallback":
      return fallbackPatch(input);
    case "lm-studio":
      return merge(lmStudioPatch(input), selectModel(input, "lmstudio", LM_STUDIO_MODEL.id));
  }
}

function portalPatch(input: PresetInput): Patch {
  const { authored: config, rootDir, account, region, signedInAt = "global" } = input;
  const current = config.models?.providers?.[PORTAL_PROVIDER_ID]?.baseUrl;
  const usual = REGIONS[region ?? signedInAt].endpoints.inference;
  const baseUrl = region ? usual : (current ?? usual);
  return configPatch({ config, rootDir, account, baseUrl }) as unknown as Patch;
}

function apiKeyPatch({ authored, region, api, keySource }: PresetInput): Patch {
  const { apiHost } = REGIONS[region ?? "global"];
  const current = authored.models?.providers?.[API_KEY_PROVIDER_ID];
  const form =
    api === "openai"
      ? { baseUrl: `https://${apiHost}/v1`, api: "openai-completions" }
      : { baseUrl: `https://${apiHost}/anthropic`, api: "anthropic-messages" };
  const chosen = region !== undefined || api !== undefined;
  const provider = {
    baseUrl: chosen ? form.baseUrl : (current?.baseUrl ?? form.baseUrl),
    api: chosen ? form.api : (current?.api ?? form.api),
    apiKey: keyFor(current?.apiKey, keySource),
    models: withOurModels(current?.models ?? []),
  };
  const fromKeychain = keySource !== undefined && same(provider.apiKey, API_KEY_REF);
  const secrets = fromKeychain ? { secrets: { providers: { [API_KEY_REF.provider]: keySource } } } : {};
  return merge({ models: { providers: { [API_KEY_PROVIDER_ID]: provider } } }, secrets);
}

/** A person's own key stays; the variable gives way to the keychain once a key is stored there. */
function keyFor(current: unknown, keySource: Patch | undefined): unknown {
  if (current !== undefined && current !== KEY_VARIABLE) return current;
  return keySource ? API_KEY_REF : KEY_VARIABLE;
}

function fallbackPatch(input: PresetInput): Patch {
  const provider = input.fallbackProvider ?? API_KEY_PROVIDER_ID;
  const defaults = input.authored.agents?.defaults;
  const model = defaults?.model;
  const current = defaultModelIn(input.authored);
  const primary = input.primary ?? (current && !/^minimax(-portal)?\//.test(current) ? current : OPUS);
  const fallback = `${provider}/${input.model ?? DOCUMENT_MODEL_ID}`;
  const fallbacks = (typeof model === "object" ? model.fallbacks : undefined) ?? [];
  const base = provider === PORTAL_PROVIDER_ID ? portalPatch(input) : apiKeyPatch(input);
  return merge(
    base,
    {
      agents: {
        defaults: {
          models: {
            [primary]: aliasFor(input, primary, primary === OPUS ? "opus" : undefined),
            [fallback]: aliasFor(input, fallback, "minimax"),
          },
          model: { primary, fallbacks: fallbacks.includes(fallback) ? fallbacks : [...fallbacks, fallback] },
        },
      },
    },
    allowed(input.authored, [primary, fallback]),
  );
}

function lmStudioPatch({ authored }: PresetInput): Patch {
  const { alias: _, ...model } = LM_STUDIO_MODEL;
  const current = authored.models?.providers?.lmstudio;
  const models = current?.models ?? [];
  const provider = {
    baseUrl: current?.baseUrl ?? "http://127.0.0.1:1234/v1",
    apiKey: current?.apiKey ?? "lmstudio",
    api: current?.api ?? "openai-responses",
    models: models.some(({ id }) => id === model.id) ? models : [...models, model],
  };
  return { models: { providers: { lmstudio: provider } } };
}

/** Makes a model the default one, with an alias, and allowed where a list says what is. */
function selectModel(input: PresetInput, provider: string, usual: string): Patch {
  const id = input.model ?? usual;
  const ref = `${provider}/${id}`;
  const known = [...MODELS, LM_STUDIO_MODEL].find((each) => each.id === id);
  const models = provider === PORTAL_PROVIDER_ID ? {} : { [ref]: aliasFor(input, ref, known?.alias) };
  const wildcard = provider === "lmstudio" ? ref : `${provider}/*`;
  return merge(
    { agents: { defaults: { models, model: { primary: ref } } } },
    allowed(input.authored, [wildcard]),
  );
}

function aliasFor({ authored }: PresetInput, ref: string, alias: string | undefined): Patch {
  return modelEntry(authored.agents?.defaults?.models ?? {}, ref, alias);
}
