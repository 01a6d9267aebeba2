import type {
  ProviderReplayPolicy,
  ProviderReplayPolicyContext,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";

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
