import * as z from "zod";
import { plainText } from "../../base/text.ts";

/** What is left in one window of the plan. */
export interface UsageWindow {
  /** 0 to 100; undefined where MiniMax does not say. */
  readonly remainingPercent?: number;
  readonly unlimited: boolean;
  /** When the window ends, epoch ms. */
  readonly resetsAt?: number;
}

/** What is left of one part of the plan: a model, or "general" and "video". */
export interface UsageRow {
  readonly name: string;
  readonly interval: UsageWindow;
  /** Absent where MiniMax speaks of no week. */
  readonly weekly?: UsageWindow;
}

const figure = z.number().nullish().catch(undefined);

const row = z.object({
  model_name: z.string().nullish().catch(undefined),
  end_time: figure,
  remains_time: figure,
  current_interval_remaining_percent: figure,
  current_weekly_status: figure,
  current_weekly_remaining_percent: figure,
  weekly_end_time: figure,
  weekly_remains_time: figure,
});

const rows = z.object({ model_remains: z.array(row) });

/** Answer of the "remains" API, also where it is wrapped in `data`. */
const usageAnswer = z.union([rows, z.object({ data: rows }).transform(({ data }) => data)]);

const UNLIMITED = 3;
const LATEST_MS = Date.UTC(2100, 0);

/**
 * The rows of a "remains" answer, or undefined where it is none. Only percentages count: what the counters
 * mean differs from answer to answer (facts, "Usage API"), so without one the rest is unknown.
 * @param now epoch ms
 */
export function usageRows(body: unknown, now: number): readonly UsageRow[] | undefined {
  const parsed = usageAnswer.safeParse(body);
  return parsed.success ? parsed.data.model_remains.map((each) => rowOf(each, now)) : undefined;
}

function rowOf(given: z.infer<typeof row>, now: number): UsageRow {
  const name = plainText(given.model_name ?? "", 40) || "plan";
  const interval = windowOf(
    given.current_interval_remaining_percent,
    false,
    ends(given.end_time, given.remains_time, now),
  );
  const unlimited = given.current_weekly_status === UNLIMITED;
  const weekEnds = ends(given.weekly_end_time, given.weekly_remains_time, now);
  const week = windowOf(given.current_weekly_remaining_percent, unlimited, weekEnds);
  const saysNothing = !unlimited && week.remainingPercent === undefined && weekEnds === undefined;
  return { name, interval, ...(saysNothing ? {} : { weekly: week }) };
}

function windowOf(
  percent: number | null | undefined,
  unlimited: boolean,
  resetsAt: number | undefined,
): UsageWindow {
  const known = !unlimited && typeof percent === "number" && Number.isFinite(percent);
  return {
    unlimited,
    ...(known ? { remainingPercent: Math.min(100, Math.max(0, percent)) } : {}),
    ...(resetsAt === undefined ? {} : { resetsAt }),
  };
}

/** @param at epoch ms @param msLeft used where the time itself is missing */
function ends(at: number | null | undefined, msLeft: number | null | undefined, now: number) {
  const end = at && at > 0 ? at : msLeft && msLeft > 0 ? now + msLeft : undefined;
  return end !== undefined && end > 0 && end < LATEST_MS ? Math.round(end) : undefined;
}
