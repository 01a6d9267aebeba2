import { regionLabel } from "../../../src/index.ts";
import { assertKnown, type CommandContext, type CommonOptions, EXIT, printJson } from "../cli/command.ts";
import { planLines } from "./usage-view.ts";

/** Asks MiniMax what is left of the plan. @returns the exit code: 0 */
export async function usage(context: CommandContext, options: CommonOptions): Promise<number> {
  await assertKnown(context, options.account);
  const { auth, account, out, json, now } = context;
  const plan = await auth.usage(account);
  const region = (await auth.status(account))?.region;
  if (json) {
    printJson(out, { account, region, at: plan.at, rows: plan.rows });
    return EXIT.done;
  }
  const label = region === undefined ? "unknown endpoint" : regionLabel(region);
  out.log(`${out.paint("bold", "MiniMax coding plan")}, account "${account}" (${label})`);
  out.log("");
  for (const line of planLines(plan, now(), out)) out.log(line);
  return EXIT.done;
}
