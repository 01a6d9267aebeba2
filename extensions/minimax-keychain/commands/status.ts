import {
  type AccountStatus,
  type AuthError,
  isAuthError,
  type StoredSignIn,
  type Usage,
} from "../../../src/index.ts";
import { assertKnown, type CommandContext, type CommonOptions, EXIT, printJson } from "./command.ts";
import { statusLines } from "./status-view.ts";

export interface StatusOptions extends CommonOptions {
  /** Commander's form of `--no-usage`. */
  readonly usage?: boolean;
}

/** Everything that is known of one account. */
export interface AccountReport {
  readonly account: string;
  readonly others: readonly string[];
  readonly state: AccountStatus | undefined;
  /** The sign-in as the keychain holds it, or why it does not say. */
  readonly stored: StoredSignIn | AuthError | undefined;
  /** The plan, or why there are no figures; undefined: it was not asked for. */
  readonly usage: Usage | AuthError | undefined;
}

/** How long a person who wants the status waits for MiniMax, ms. */
const USAGE_WITHIN_MS = 3_000;

/** @returns the exit code: 0 signed in, 1 not signed in or a person is needed */
export async function status(context: CommandContext, options: StatusOptions): Promise<number> {
  await assertKnown(context, options.account);
  const report = await gather(context, options.usage !== false);
  const { out, now } = context;
  if (context.json) printJson(out, asJson(report));
  else for (const line of statusLines(report, now(), out)) out.log(line);
  return isSignedIn(report) ? EXIT.done : EXIT.failed;
}

export function isSignedIn({ state }: AccountReport): boolean {
  return state !== undefined && state.quarantined !== state.generationId;
}

async function gather({ auth, account, now }: CommandContext, wantsUsage: boolean): Promise<AccountReport> {
  const state = await auth.status(account);
  const others = (await auth.accounts()).filter((name) => name !== account);
  const known = { account, others, state };
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

async function orError<T>(work: Promise<T>): Promise<T | AuthError> {
  try {
    return await work;
  } catch (error) {
    if (isAuthError(error)) return error;
    throw error;
  }
}

const problem = ({ code, message }: AuthError) => ({ error: { code, message } });

function asJson(report: AccountReport) {
  const { account, others, state, stored, usage } = report;
  const { store, region, expiresAt, heldBy, unsaved, trouble, outcomes, notices } = state ?? {};
  const keychain = stored === undefined ? {} : isAuthError(stored) ? problem(stored) : datesOf(stored);
  return {
    account,
    otherAccounts: others,
    signedIn: isSignedIn(report),
    region,
    store,
    expiresAt,
    quarantined: state === undefined ? undefined : state.quarantined === state.generationId,
    unsaved,
    heldBy,
    trouble,
    keychain,
    outcomes,
    notices,
    usage: usage === undefined || !isAuthError(usage) ? usage : problem(usage),
  };
}

function datesOf({ signedInAt, obtainedAt, refreshDueAt, baseUrl, generation }: StoredSignIn) {
  return { signedInAt, obtainedAt, refreshDueAt, baseUrl, generation };
}
