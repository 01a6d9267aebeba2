import type { ProviderPlugin, ProviderThinkingProfile } from "openclaw/plugin-sdk/plugin-entry";
import { replayPolicy, withFastMode } from "../model-behaviour.ts";
import { PORTAL_LABEL, PORTAL_PROVIDER_ID } from "../names.ts";
import type { Runtime } from "../runtime.ts";
import { failoverReason } from "./errors.ts";
import { prepareRuntimeAuth, withLiveToken, withLiveTokenAlone } from "./live-token.ts";
import { notConfiguredHint } from "./model-errors.ts";
import { usageHooks } from "./usage-report.ts";

/**
 * The provider that serves requests on `minimax-portal/<model>`. Owning its id takes the bundled
 * plugin's replay, fast-mode and thinking behaviour away, so it is given back here.
 */
export function portalProvider(runtime: Runtime): ProviderPlugin {
  return {
    id: PORTAL_PROVIDER_ID,
    label: PORTAL_LABEL,
    docsPath: "/providers/minimax",
    auth: [],
    buildReplayPolicy: replayPolicy,
    prepareRuntimeAuth: (ctx) => prepareRuntimeAuth(runtime, ctx),
    wrapStreamFn: (ctx) => withFastMode(withLiveToken(runtime, ctx), ctx.extraParams),
    wrapSimpleCompletionStreamFn: (ctx) => withLiveTokenAlone(runtime, ctx),
    classifyFailoverReason: failoverReason,
    buildUnknownModelHint: ({ modelId }) => notConfiguredHint(modelId),
    ...usageHooks(runtime),
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
