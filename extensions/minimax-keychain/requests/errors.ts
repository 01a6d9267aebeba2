import type {
  ProviderFailoverErrorContext,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";
import {
  adviceFor,
  isAuthError,
  type Meaning,
  maskSecrets,
  meaningIn,
  type Secret,
} from "../../../src/index.ts";
import { classifyModelError, explainModelError } from "./model-errors.ts";

type StreamFn = NonNullable<ProviderWrapStreamFnContext["streamFn"]>;
type EventStream = Awaited<ReturnType<StreamFn>>;
type Message = Awaited<ReturnType<EventStream["result"]>>;

/** A failed request of ours: what it was for, and the token that must not come back in its error. */
export interface Failed {
  readonly region: string;
  readonly modelId: string;
  readonly accessToken: Secret;
  /** Why no other token can take its place; undefined where one can, or where this one was not refused. */
  readonly noOtherToken: (message: string) => Promise<Error | undefined>;
}

/** Whether an error's text, which begins with the HTTP status in OpenClaw, is of a refused token. */
export function isUnauthorized(text: string | undefined): boolean {
  return text !== undefined && /^\D{0,12}401\b/.test(text);
}

/**
 * A server's error as a person may see it: without the token, should the server have echoed it, and with
 * what to do about it. The host knows only of the token that the run began with, so it cannot mask a newer one.
 */
export function errorText(text: string, { accessToken, modelId, region }: Failed): string {
  const masked = maskSecrets(text, [accessToken]);
  const aboutModel = explainModelError(modelId, masked);
  if (aboutModel) return aboutModel;
  const meaning = meaningIn(masked);
  const advice = meaning && adviceFor(meaning, region);
  if (!advice) return masked;
  const code = meaning === "plan_missing" ? ` [${meaning}]` : "";
  return `${masked}\n${advice.what} ${advice.next}${code}`;
}

/**
 * `stream` with the text of its error, if it ends in one, put through {@link errorText}. Where a person has to
 * sign in, that is the error: of a bare 401 the host would make it a fault of the key.
 */
export function withErrorText(stream: EventStream, failed: Failed): EventStream {
  const texts = new WeakMap<Message, Promise<string>>();
  const explained = async (message: Message): Promise<Message> => {
    const { errorMessage } = message;
    if (errorMessage === undefined) return message;
    const text = texts.get(message) ?? textOf(errorMessage);
    texts.set(message, text);
    message.errorMessage = await text;
    return message;
  };
  const textOf = async (received: string) =>
    (await failed.noOtherToken(received))?.message ?? errorText(received, failed);
  async function* events() {
    for await (const event of stream) {
      if (event.type === "error") await explained(event.error);
      yield event;
    }
  }
  return {
    [Symbol.asyncIterator]: events,
    result: async () => explained(await stream.result()),
  };
}

/** An error that was thrown instead of streamed. */
export async function thrownErrorText(error: unknown, failed: Failed): Promise<unknown> {
  const received = error instanceof Error ? error.message : "";
  const noOtherToken = await failed.noOtherToken(received);
  if (noOtherToken) return noOtherToken;
  if (error instanceof Error) error.message = errorText(received, failed);
  return error;
}

const NEEDS_A_PERSON = /^(sign_in_required|token_rejected|keychain_\w+|issuer_changed)$/;

/**
 * An error of ours on its way to the host, which tells an HTTP client "internal error" of one without a status.
 */
export function withStatus(error: unknown): unknown {
  if (isAuthError(error) && NEEDS_A_PERSON.test(error.code)) return Object.assign(error, { status: 401 });
  return error;
}

type Reason = "auth" | "model_not_found" | "overloaded" | "rate_limit" | "session_expired" | "timeout";

const REASONS: Readonly<Partial<Record<Meaning, Reason>>> = {
  token_rejected: "auth",
  region_mismatch: "auth",
  quota_exhausted: "rate_limit",
  overloaded: "overloaded",
};

/** For the host's choice between another try and the fallback model. */
export function failoverReason(context: ProviderFailoverErrorContext): Reason | undefined {
  const aboutModel = classifyModelError(context);
  if (aboutModel) return aboutModel;
  const { errorMessage, status } = context;
  const [, code = ""] = /\[([a-z_]+)\]/.exec(errorMessage) ?? [];
  // Of "auth" the host keeps a provider shut for half a minute and more, whatever a person does meanwhile.
  if (NEEDS_A_PERSON.test(code)) return "session_expired";
  if (/^portal_(unreachable|timed_out|unavailable)$/.test(code)) return "timeout";
  const meaning = meaningIn(errorMessage, status);
  return meaning && REASONS[meaning];
}
