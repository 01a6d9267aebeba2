import type { ProviderPlugin, ProviderThinkingProfile } from "openclaw/plugin-sdk/plugin-entry";
import { buildProviderReplayFamilyHooks } from "openclaw/plugin-sdk/provider-model-shared";
import { buildProviderStreamFamilyHooks } from "openclaw/plugin-sdk/provider-stream-family";
import { PORTAL_LABEL, PORTAL_PROVIDER_ID } from "./names.ts";
import { prepareRuntimeAuth, withLiveToken } from "./request-auth.ts";
import type { Runtime } from "./runtime.ts";

/**
 * The provider that serves requests on `minimax-portal/<model>`. Owning its id takes the bundled
 * plugin's replay, fast-mode and thinking behaviour away, so it is given back here.
 */
export function portalProvider(runtime: Runtime): ProviderPlugin {
  const fastMode = buildProviderStreamFamilyHooks("minimax-fast-mode");
  return {
    id: PORTAL_PROVIDER_ID,
    label: PORTAL_LABEL,
    docsPath: "/providers/minimax",
    auth: [],
    ...buildProviderReplayFamilyHooks({
      family: "hybrid-anthropic-openai",
      anthropicModelDropThinkingBlocks: true,
    }),
    prepareRuntimeAuth: (ctx) => prepareRuntimeAuth(runtime, ctx),
    wrapStreamFn: (ctx) => {
      const streamFn = withLiveToken(runtime, ctx);
      return fastMode.wrapStreamFn?.({ ...ctx, ...(streamFn ? { streamFn } : {}) }) ?? streamFn;
    },
    wrapSimpleCompletionStreamFn: (ctx) => withLiveToken(runtime, ctx),
    resolveReasoningOutputMode: () => "native",
    resolveThinkingProfile: ({ modelId }) => thinkingProfile(modelId),
    isModernModelRef: ({ modelId }) => /^minimax-m[23]/i.test(modelId),
  };
}

/** M3 decides by itself how much to think; M2 takes a budget (facts, "Models"). */
export function thinkingProfile(modelId: string): ProviderThinkingProfile | undefined {
  if (/^minimax-m3\b/i.test(modelId)) {
    return { levels: [{ id: "off" }, { id: "adaptive" }], defaultLevel: "adaptive" };
  }
  if (/^minimax-m2\b/i.test(modelId)) {
    const levels = (["off", "minimal", "low", "medium", "high"] as const).map((id) => ({ id }));
    return { levels, defaultLevel: "off" };
  }
  return undefined;
}
