import { assertKnown, type CommandContext, type CommonOptions, EXIT, printJson } from "../cli/command.ts";
import { duration, moment } from "../cli/output.ts";

/** Replaces the token now. @returns the exit code: 0 */
export async function refresh(context: CommandContext, options: CommonOptions): Promise<number> {
  await assertKnown(context, options.account);
  const { auth, account, out, json, now } = context;
  const { expiresAt, refreshDueAt, generation } = await auth.refresh(account);
  if (json) printJson(out, { account, refreshed: true, generation, expiresAt, refreshDueAt });
  else {
    const left = `${duration(expiresAt - now())} (until ${moment(expiresAt, now())})`;
    out.log(`Account "${account}" has a new token, valid for ${left}. Running gateways use it from now on.`);
  }
  return EXIT.done;
}
