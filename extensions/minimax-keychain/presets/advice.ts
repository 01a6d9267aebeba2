import { isDeepStrictEqual } from "node:util";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { API_KEY_REF, SIGN_IN_COMMAND } from "../../../src/index.ts";
import { API_KEY_PROVIDER_ID, PORTAL_PROVIDER_ID } from "../names.ts";
import { KEY_VARIABLE, type PresetName } from "./presets.ts";

export interface Applied {
  /** The config file as it was before. */
  readonly authored: OpenClawConfig;
  readonly signedIn: boolean;
  /** Whether `key set` stored one. */
  readonly keyStored: boolean;
  /** The commands that delete the API keys from OpenClaw's own store. */
  readonly coreKeys: readonly string[];
  /** What falls in, for the preset `fallback`. */
  readonly fallbackProvider: string;
}

/** What a preset cannot do and a person must know, one line each. */
export function adviceAfter(preset: PresetName, applied: Applied): string[] {
  const { authored, signedIn, fallbackProvider } = applied;
  const portal = preset === "oauth" || (preset === "fallback" && fallbackProvider === PORTAL_PROVIDER_ID);
  const byKey = !portal && preset !== "lm-studio";
  return [
    ...(portal && !signedIn ? [`Next, sign in: ${SIGN_IN_COMMAND}`] : []),
    ...(byKey ? aboutKey(applied) : []),
    ...(preset === "fallback"
      ? ["The first model needs a key of its own: openclaw configure, or ANTHROPIC_API_KEY for Opus."]
      : []),
    ...agentsWithOwnModel(authored),
  ];
}

function aboutKey({ authored, keyStored, coreKeys }: Applied): string[] {
  if (coreKeys.length > 0) {
    return [
      "OpenClaw has an API key for minimax in its own store, in plain text, and uses it before any other.",
      ...coreKeys.map((removal) => `To delete it: ${removal}`),
    ];
  }
  const apiKey = authored.models?.providers?.[API_KEY_PROVIDER_ID]?.apiKey;
  const own = apiKey !== undefined && apiKey !== KEY_VARIABLE && !isDeepStrictEqual(apiKey, API_KEY_REF);
  if (own && keyStored) {
    const path = `models.providers.${API_KEY_PROVIDER_ID}.apiKey`;
    return [
      "The config has a key of its own, which stays.",
      `To use the one in the keychain: openclaw config unset ${path}, then this preset again.`,
    ];
  }
  if (own || keyStored) return [];
  return [
    "The key is taken from the variable MINIMAX_API_KEY (or env.vars.MINIMAX_API_KEY in the config).",
    "To keep it in the OS keychain instead: openclaw minimax-portal key set, then this preset again.",
  ];
}

/** `openclaw configure` gives the agent a model of its own, which counts before the default one. */
function agentsWithOwnModel(authored: OpenClawConfig): string[] {
  return Object.entries(authored.agents?.entries ?? {})
    .filter(([, agent]) => agent?.model !== undefined)
    .map(([agent]) => {
      const path = `agents.entries.${agent}.model`;
      return `Agent "${agent}" has a model of its own, which stays. To give it the default one: openclaw config unset ${path}`;
    });
}
