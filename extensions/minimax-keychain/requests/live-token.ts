import type {
  ProviderPreparedRuntimeAuth,
  ProviderPrepareRuntimeAuthContext,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";
import { isAuthError, reveal } from "../../../src/index.ts";
import { accountIn, configuredAccount } from "../config/account.ts";
import type { Runtime } from "../runtime.ts";
import { isUnauthorized, thrownErrorText, withErrorText, withStatus } from "./errors.ts";

type StreamFn = NonNullable<ProviderWrapStreamFnContext["streamFn"]>;

/**
 * Trades the placeholder for a token at the start of a run, and again after a 401. It also makes the
 * host mask the token in its logs.
 */
export async function prepareRuntimeAuth(
  { auth }: Runtime,
  ctx: ProviderPrepareRuntimeAuthContext,
): Promise<ProviderPreparedRuntimeAuth | undefined> {
  const account = accountIn(ctx.apiKey);
  if (account === undefined) return undefined;
  const token = await tokenFor(auth, account);
  return { apiKey: reveal(token.accessToken), baseUrl: token.baseUrl, expiresAt: token.expiresAt };
}

/**
 * Puts the live token on every request: what `prepareRuntimeAuth` returned may have been replaced
 * within a long run. The request goes where the token belongs, whatever the config says.
 */
export function withLiveToken({ auth }: Runtime, ctx: ProviderWrapStreamFnContext): StreamFn | undefined {
  const inner = ctx.streamFn;
  const account = configuredAccount(ctx.config);
  if (!inner || account === undefined) return inner;
  return async (model, context, options) => {
    const token = await tokenFor(auth, account);
    const accessToken = reveal(token.accessToken);
    let isRefused = false;
    const refused = () => {
      isRefused = true;
      auth.rejected(account, accessToken);
    };
    const failed = {
      accessToken: token.accessToken,
      region: token.region,
      modelId: model.id,
      async noOtherToken(message: string) {
        // Outside of an agent's run the host reports no status.
        if (isUnauthorized(message)) refused();
        return isRefused ? whyNoToken(auth, account) : undefined;
      },
    };
    const live: typeof options = {
      ...options,
      headers: { ...options?.headers, Authorization: `Bearer ${accessToken}`, "x-api-key": accessToken },
      onResponse: async (response, responding) => {
        if (response.status === 401) refused();
        await options?.onResponse?.(response, responding);
      },
    };
    try {
      return withErrorText(await inner({ ...model, baseUrl: token.baseUrl }, context, live), failed);
    } catch (error) {
      throw await thrownErrorText(error, failed);
    }
  };
}

/** The same for a completion outside of an agent's run. */
export function withLiveTokenAlone(runtime: Runtime, ctx: ProviderWrapStreamFnContext): StreamFn | undefined {
  const live = withLiveToken(runtime, ctx);
  return live && live !== ctx.streamFn ? withSecondTry(live) : live;
}

async function tokenFor(auth: Runtime["auth"], account: string) {
  try {
    return await auth.token(account);
  } catch (error) {
    throw withStatus(error);
  }
}

/** What only a new sign-in changes; undefined when there is a token, or may be one soon. */
async function whyNoToken(auth: Runtime["auth"], account: string): Promise<Error | undefined> {
  try {
    await tokenFor(auth, account);
    return undefined;
  } catch (error) {
    return isAuthError(error, "sign_in_required", "token_rejected") ? error : undefined;
  }
}

type EventStream = Awaited<ReturnType<StreamFn>>;

/**
 * Makes a request that was answered 401 once more, by when `request` carries another token. The host does
 * so within an agent's run only: a completion outside of one (`openclaw infer`, a title) would fail, and in
 * a process of its own fail again each time, for the next process knows nothing of the 401.
 */
export function withSecondTry(request: StreamFn): StreamFn {
  return async (model, context, options) => {
    const again = async () => request(model, context, options);
    try {
      return eitherOf(await again(), again);
    } catch (error) {
      if (error instanceof Error && isUnauthorized(error.message)) return again();
      throw error;
    }
  };
}

/** `first`, or the stream of a second request when the first was answered 401. */
function eitherOf(first: EventStream, again: () => Promise<EventStream>): EventStream {
  let made: Promise<EventStream> | undefined;
  const second = () => {
    made ??= again();
    return made;
  };
  async function* events() {
    for await (const event of first) {
      if (event.type === "error" && isUnauthorized(event.error.errorMessage)) return yield* await second();
      yield event;
    }
  }
  return {
    [Symbol.asyncIterator]: events,
    async result() {
      const message = await first.result();
      return isUnauthorized(message.errorMessage) ? (await second()).result() : message;
    },
  };
}
