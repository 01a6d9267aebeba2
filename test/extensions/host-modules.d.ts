// These two parts of the host's SDK ship without types (openclaw 2026.9.6).
declare module "openclaw/plugin-sdk/provider-stream-family" {
  import type { ProviderPlugin } from "openclaw/plugin-sdk/plugin-entry";
  export function buildProviderStreamFamilyHooks(
    family: "minimax-fast-mode",
  ): Pick<ProviderPlugin, "wrapStreamFn">;
}

declare module "openclaw/plugin-sdk/provider-model-shared" {
  import type { ProviderPlugin } from "openclaw/plugin-sdk/plugin-entry";
  export function buildProviderReplayFamilyHooks(options: {
    family: "hybrid-anthropic-openai";
    anthropicModelDropThinkingBlocks: boolean;
  }): Pick<ProviderPlugin, "buildReplayPolicy" | "sanitizeReplayHistory" | "validateReplayTurns">;
}
