import { type AuthError, isAuthError, type StoredSignIn } from "../../../src/index.ts";
import { assertKnown, type CommandContext, type CommonOptions, EXIT, printJson } from "../cli/command.ts";
import { type AccountReport, gather, isSignedIn } from "./account-report.ts";
import { statusLines } from "./status-view.ts";

export interface StatusOptions extends CommonOptions {
  /** Commander's form of `--no-usage`. */
  readonly usage?: boolean;
}

/** @returns the exit code: 0 signed in, 1 not signed in, or the keychain does not give the sign-in */
export async function status(context: CommandContext, options: StatusOptions): Promise<number> {
  await assertKnown(context, options.account);
  const report = await gather(context, options.usage !== false);
  const { out, now } = context;
  if (context.json) printJson(out, asJson(report));
  else for (const line of statusLines(report, now(), out)) out.log(line);
  return isSignedIn(report) && !isAuthError(report.stored) ? EXIT.done : EXIT.failed;
}

const problem = ({ code, message }: AuthError) => ({ error: { code, message } });

function asJson(report: AccountReport) {
  const { account, others, model, state, stored, usage } = report;
  const { store, region, expiresAt, heldBy, unsaved, trouble, outcomes, notices } = state ?? {};
  const keychain = stored === undefined ? {} : isAuthError(stored) ? problem(stored) : datesOf(stored);
  return {
    account,
    otherAccounts: others,
    signedIn: isSignedIn(report),
    region,
    store,
    defaultModel: model,
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
