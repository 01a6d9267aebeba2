import * as z from "zod";
import type { Clock } from "../../base/clock.ts";
import { AuthError, isAuthError, USAGE_COMMAND } from "../../base/error.ts";
import { reveal, type Secret } from "../../base/secret.ts";
import { parseJson, plainText } from "../../base/text.ts";
import type { Http } from "../../http/http.ts";
import { answerEnvelope } from "../envelope.ts";
import { usageError, usageLate, usageRefused, usageUnavailable } from "./errors.ts";

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
 * mean differs from answer to answer (used in some, left in others), so without one the rest is unknown.
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

/** The current path, and the one that older servers have (the customer's document). */
export const USAGE_PATHS = ["/v1/token_plan/remains", "/v1/api/openplatform/coding_plan/remains"] as const;

export interface UsageRequest {
  /** The Anthropic-compatible base URL that the token belongs to: the plan is asked for on the same host. */
  readonly baseUrl: string;
  readonly region: string;
  readonly accessToken: Secret;
  readonly signal?: AbortSignal | undefined;
}

/** What is left of the plan. */
export interface Usage {
  readonly rows: readonly UsageRow[];
  /** Epoch ms. */
  readonly at: number;
}

/**
 * Asks MiniMax what is left of the coding plan.
 * @throws AuthError `token_rejected` (ask again with a fresh token), `region_mismatch`, `plan_missing`,
 * `model_not_in_plan`, `quota_exhausted`, `portal_refused`, `portal_unavailable`, `answer_invalid`, or why
 * MiniMax could not be asked
 */
export async function fetchUsage(http: Http, request: UsageRequest, clock: Clock): Promise<Usage> {
  const origin = new URL(request.baseUrl).origin;
  for (const path of USAGE_PATHS) {
    const rows = await ask(http, origin + path, request, clock);
    if (rows) return { rows, at: clock.now() };
  }
  throw new AuthError("answer_invalid", {
    what: `${new URL(origin).host} sent no usage figures that this version understands.`,
    kept: "Your sign-in is not affected.",
    next: `Try again later: \`${USAGE_COMMAND}\`, or look on MiniMax's own page.`,
  });
}

/** Statuses of a path that a server does not have (RFC 9110 §15.5). */
const ELSEWHERE = new Set([404, 405, 410]);

/** @returns undefined where the answer is not this API's, so that another path may have it */
async function ask(http: Http, url: string, request: UsageRequest, clock: Clock) {
  const headers = { authorization: `Bearer ${reveal(request.accessToken)}`, accept: "application/json" };
  let response: Response;
  try {
    response = await http(url, { method: "GET", headers, ...(request.signal && { signal: request.signal }) });
  } catch (error) {
    throw isAuthError(error) ? aboutUsage(error) : error;
  }
  const body = parseJson(await response.text());
  const { status } = response;
  const { base_resp } = answerEnvelope.parse(typeof body === "object" && body !== null ? body : {});
  const error = usageError({ status, baseResp: base_resp, region: request.region });
  if (error) throw error;
  if (status === 408 || status >= 500) throw usageUnavailable(`HTTP ${status}`);
  if (!response.ok && !ELSEWHERE.has(status)) throw usageRefused(`HTTP ${status}`);
  return response.ok ? usageRows(body, clock.now()) : undefined;
}

/** A failed connection, for a person who asked for the usage; the sign-in is not at stake. */
function aboutUsage(error: AuthError): AuthError {
  if (error.code === "cancelled") return usageLate();
  const next = error.text.next?.replace(/`openclaw onboard [^`]*`/, `\`${USAGE_COMMAND}\``);
  return new AuthError(error.code, {
    ...error.text,
    kept: "Your sign-in is not affected.",
    ...(next === undefined ? {} : { next }),
  });
}
