import { regionLabel, type Usage, type UsageWindow } from "../../../src/index.ts";
import { assertKnown, type CommandContext, type CommonOptions, EXIT, printJson } from "../cli/command.ts";
import { bar, duration, moment, noBar, type Output } from "../cli/output.ts";

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

type Paint = Pick<Output, "paint" | "columns">;

const NARROW_NAME = 9;

/** Bar, percentage, and a reset of another day with its date. */
const WIDEST_TEXT = 77;

/** The plan as bars of what is left, with the times of their resets. */
export function planLines({ rows }: Usage, now: number, out: Paint): string[] {
  if (rows.length === 0) return ["  The plan has no figures: MiniMax sent an empty list."];
  const width = Math.max(NARROW_NAME, ...rows.map(({ name }) => name.length)) + 2;
  const wide = out.columns >= width + WIDEST_TEXT;
  return rows.flatMap(({ name, interval, weekly }) => [
    windowLine(name.padEnd(width), interval, now, wide, out),
    ...(weekly ? [windowLine(out.paint("dim", "  week".padEnd(width)), weekly, now, wide, out)] : []),
  ]);
}

function windowLine(
  label: string,
  { unlimited, remainingPercent, resetsAt }: UsageWindow,
  now: number,
  wide: boolean,
  out: Paint,
): string {
  if (unlimited) return `  ${label}${noBar(out)} unlimited`;
  if (remainingPercent === undefined) return `  ${label}${noBar(out)} unknown${reset(resetsAt, now, wide)}`;
  const percent = `${Math.floor(remainingPercent)} % left`.padStart(10);
  return `  ${label}${bar(remainingPercent / 100, out)} ${percent}${reset(resetsAt, now, wide)}`;
}

function reset(at: number | undefined, now: number, wide: boolean): string {
  if (at === undefined) return "";
  if (at <= now) return ", resets now";
  return `, resets in ${duration(at - now)}${wide ? ` (${moment(at, now)})` : ""}`;
}
