import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import {
  type AccountStatus,
  type AuthError,
  isAuthError,
  type StoredSignIn,
  type Usage,
} from "../../../src/index.ts";
import type { CommandContext } from "../cli/command.ts";
import { defaultModelIn } from "../config/patch.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";

/** Everything that is known of one account. */
export interface AccountReport {
  readonly account: string;
  readonly others: readonly string[];
  /** The default model as it must be typed, where it is one of this provider's. */
  readonly model: string | undefined;
  readonly state: AccountStatus | undefined;
  /** The sign-in as the keychain holds it, or why it does not say. */
  readonly stored: StoredSignIn | AuthError | undefined;
  /** The plan, or why there are no figures; undefined: it was not asked for. */
  readonly usage: Usage | AuthError | undefined;
}

/** How long a person who wants the status waits for MiniMax, ms. */
const USAGE_WITHIN_MS = 3_000;

export function isSignedIn({ state }: AccountReport): boolean {
  return state !== undefined && state.quarantined !== state.generationId;
}

/** Asks the state, the keychain and, where that is wanted, MiniMax. */
export async function gather(
  { auth, account, config, now }: CommandContext,
  wantsUsage: boolean,
): Promise<AccountReport> {
  const state = await auth.status(account);
  const others = (await auth.accounts()).filter((name) => name !== account);
  const known = { account, others, model: ourDefaultModel(config), state };
  if (!isSignedIn({ ...known, stored: undefined, usage: undefined })) {
    return { ...known, stored: undefined, usage: undefined };
  }
  const stored = await orError(auth.stored(account));
  // A status is no reason for a refresh that the process might not live to see the end of.
  const live = !(stored instanceof Error) && stored.expiresAt > now();
  const asks = wantsUsage && live;
  const usage = asks
    ? await orError(auth.usage(account, { signal: AbortSignal.timeout(USAGE_WITHIN_MS) }))
    : undefined;
  return { ...known, stored, usage };
}

function ourDefaultModel(config: OpenClawConfig): string | undefined {
  const model = defaultModelIn(config);
  return model?.startsWith(`${PORTAL_PROVIDER_ID}/`) ? model : undefined;
}

async function orError<T>(work: Promise<T>): Promise<T | AuthError> {
  try {
    return await work;
  } catch (error) {
    if (isAuthError(error)) return error;
    throw error;
  }
}
