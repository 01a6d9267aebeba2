import type {
  ProviderFailoverErrorContext,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";
import {
  inferenceAdvice,
  inferenceRefusal,
  maskSecrets,
  type RefusedRequest,
  type Secret,
} from "../../src/index.ts";
import { classifyModelError, explainModelError } from "./model-errors.ts";

type StreamFn = NonNullable<ProviderWrapStreamFnContext["streamFn"]>;
type EventStream = Awaited<ReturnType<StreamFn>>;
type Message = Awaited<ReturnType<EventStream["result"]>>;

/** A failed request of ours: what it was for, and the token that must not come back in its error. */
export interface Failed extends RefusedRequest {
  readonly modelId: string;
  readonly accessToken: Secret;
}

/**
 * A server's error as a person may see it: without the token, should the server have echoed it, and with
 * what to do about it. The host knows only of the token that the run began with, so it cannot mask a newer one.
 */
export function errorText(text: string, { accessToken, ...request }: Failed): string {
  const masked = maskSecrets(text, [accessToken]);
  const aboutModel = explainModelError(request.modelId, masked);
  if (aboutModel) return aboutModel;
  const refusal = inferenceRefusal(masked);
  return refusal ? `${masked}\n${inferenceAdvice(refusal, request)}` : masked;
}

/** `stream` with the text of its error, if it ends in one, put through {@link errorText}. */
export function withErrorText(stream: EventStream, failed: Failed): EventStream {
  const seen = new WeakSet<Message>();
  const told = (message: Message): Message => {
    if (message.errorMessage === undefined || seen.has(message)) return message;
    seen.add(message);
    message.errorMessage = errorText(message.errorMessage, failed);
    return message;
  };
  async function* events() {
    for await (const event of stream) {
      if (event.type === "error") told(event.error);
      yield event;
    }
  }
  return {
    [Symbol.asyncIterator]: events,
    result: async () => told(await stream.result()),
  };
}

/** An error that was thrown instead of streamed. */
export function thrownErrorText(error: unknown, failed: Failed): unknown {
  if (error instanceof Error) error.message = errorText(error.message, failed);
  return error;
}

type Reason = "auth" | "billing" | "model_not_found" | "overloaded" | "rate_limit" | "timeout";

const REASONS = {
  wrong_credential: "auth",
  no_plan: "billing",
  quota_used_up: "rate_limit",
  overloaded: "overloaded",
} as const;

/** For the host's choice between another try and the fallback model. */
export function failoverReason(context: ProviderFailoverErrorContext): Reason | undefined {
  const aboutModel = classifyModelError(context);
  if (aboutModel) return aboutModel;
  const { errorMessage, status } = context;
  const [, code = ""] = /\[([a-z_]+)\]/.exec(errorMessage) ?? [];
  if (/^(sign_in_required|token_rejected|keychain_\w+|issuer_changed)$/.test(code)) return "auth";
  if (/^(portal_(unreachable|timed_out|unavailable)|token_timed_out)$/.test(code)) return "timeout";
  const refusal = inferenceRefusal(errorMessage, status);
  return refusal && REASONS[refusal];
}
