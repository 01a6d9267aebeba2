import type {
  ProviderPreparedRuntimeAuth,
  ProviderPrepareRuntimeAuthContext,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";
import { reveal } from "../../src/index.ts";
import { accountIn, configuredAccount } from "./placeholder.ts";
import { thrownErrorText, withErrorText } from "./request-errors.ts";
import type { Runtime } from "./runtime.ts";

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
  const token = await auth.token(account);
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
    const token = await auth.token(account);
    const accessToken = reveal(token.accessToken);
    const failed = { accessToken: token.accessToken, region: token.region, modelId: model.id };
    const live: typeof options = {
      ...options,
      headers: { ...options?.headers, Authorization: `Bearer ${accessToken}`, "x-api-key": accessToken },
      onResponse: async (response, responding) => {
        if (response.status === 401) auth.rejected(account, accessToken);
        await options?.onResponse?.(response, responding);
      },
    };
    try {
      return withErrorText(await inner({ ...model, baseUrl: token.baseUrl }, context, live), failed);
    } catch (error) {
      throw thrownErrorText(error, failed);
    }
  };
}
