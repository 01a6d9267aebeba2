import { mkdirSync } from "node:fs";
import type { ModelServer } from "../../fixtures/model-servers/index.ts";
import { makeNoRetriesBundle, NO_RETRIES_ID } from "../../fixtures/openclaw/no-retries.ts";
import { besideConfig, type World } from "./world.ts";

const OPUS_SPEC = {
  id: "claude-opus-4-6",
  name: "Opus",
  reasoning: false,
  input: ["text"],
  cost: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  contextWindow: 200_000,
  maxTokens: 32_000,
};

/** The agent whose first model is the plan's, with the API key's behind it. */
export const PLAN_FIRST = "plan-first";

/** As much of a config as a fallback needs. */
export interface FallbackConfig {
  readonly plugins: { readonly entries: object; readonly load: { readonly paths: readonly string[] } };
  readonly models: { readonly providers: object };
  readonly agents: { readonly defaults: { readonly model: object } };
}

/** A conversation that meets one of Anthropic's bad days. */
export interface BadDay {
  /** OpenClaw leaves a provider that has just failed an agent alone for a while, so each has its own agent. */
  readonly agent: string;
  readonly status: number;
}

export const badDay = (provider: string, status: number): BadDay => ({
  agent: `${provider}-${status}`,
  status,
});

/**
 * One gateway's config for the models that presets chose: for each provider that falls in an agent for each
 * of Anthropic's bad days.
 */
export function fallbackConfig(
  world: World,
  chosen: Readonly<Record<string, FallbackConfig>>,
  { key, anthropic, statuses }: { key: string; anthropic: ModelServer; statuses: readonly number[] },
): object {
  const directory = besideConfig(world, "bundles");
  mkdirSync(directory);
  const bundle = makeNoRetriesBundle(directory);
  const configs = Object.values(chosen);
  const base = configs[0];
  if (base === undefined) throw new Error("no preset was applied");
  const providers = Object.assign({}, ...configs.map(({ models }) => models.providers));
  const agents = Object.entries(chosen).flatMap(([provider, { agents }]) =>
    statuses.map((status) => [badDay(provider, status).agent, { model: agents.defaults.model }]),
  );
  return {
    ...base,
    env: { vars: { MINIMAX_API_KEY: key } },
    gateway: { mode: "local", http: { endpoints: { chatCompletions: { enabled: true } } } },
    tools: { profile: "minimal" },
    plugins: {
      ...base.plugins,
      entries: { ...base.plugins.entries, [NO_RETRIES_ID]: { enabled: true } },
      load: { paths: [...base.plugins.load.paths, bundle] },
    },
    models: {
      ...base.models,
      providers: {
        ...providers,
        anthropic: {
          baseUrl: anthropic.url,
          api: "anthropic-messages",
          apiKey: "sk-ant-throwaway",
          models: [OPUS_SPEC],
        },
      },
    },
    agents: {
      defaults: { ...base.agents.defaults, skipBootstrap: true },
      entries: {
        main: {},
        [PLAN_FIRST]: {
          model: { primary: "minimax-portal/MiniMax-M2.1", fallbacks: ["minimax/MiniMax-M2.1"] },
        },
        ...Object.fromEntries(agents),
      },
    },
  };
}
