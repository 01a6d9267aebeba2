import type {
  ProviderPlugin,
  ProviderReplayPolicy,
  ProviderReplayPolicyContext,
  ProviderThinkingProfile,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";
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

/** M3 decides by itself how much to think; M2 takes a budget (OpenClaw 2026.9.6's bundled plugin). */
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

// The host has helpers for both; importing them costs every command a fifth of a second.

type StreamFn = NonNullable<ProviderWrapStreamFnContext["streamFn"]>;

/** How the host must put an earlier conversation for MiniMax: the strict Anthropic form, thinking kept. */
export function replayPolicy({ modelApi }: ProviderReplayPolicyContext): ProviderReplayPolicy | undefined {
  if (modelApi !== "anthropic-messages") return undefined;
  return {
    sanitizeMode: "full",
    sanitizeToolCallIds: true,
    toolCallIdMode: "strict",
    preserveSignatures: true,
    appendOnlyRuntimeContext: false,
    repairToolUseResultPairing: true,
    validateAnthropicTurns: true,
    allowSyntheticToolResults: true,
  };
}

/** The faster twin of a model, by the model's id. */
const FAST_MODELS: ReadonlyMap<string, string> = new Map([["MiniMax-M2.7", "MiniMax-M2.7-highspeed"]]);

/** Sends a request to the model's faster twin while the person has fast mode on. */
export function withFastMode(
  inner: StreamFn | undefined,
  extraParams: ProviderWrapStreamFnContext["extraParams"],
): StreamFn | undefined {
  if (!inner) return undefined;
  return (model, context, options) => {
    const id = FAST_MODELS.get(model.id);
    return id && isFastMode(extraParams)
      ? inner({ ...model, id }, context, options)
      : inner(model, context, options);
  };
}

/** The host gives a value, or a function where the person may change it during a run. */
function isFastMode(extraParams: ProviderWrapStreamFnContext["extraParams"]): boolean {
  const given: unknown = extraParams?.fastMode ?? extraParams?.fast_mode;
  return (typeof given === "function" ? given() : given) === true;
}
