import type { Clock } from "../base/clock.ts";
import { AuthError, isAuthError, USAGE_COMMAND } from "../base/error.ts";
import { usageLate, usageRefusal, usageRefused, usageUnavailable } from "./api/errors.ts";
import { type UsageRow, usageRows } from "./api/usage.ts";
import { answerEnvelope } from "./dialect/answers.ts";
import type { Fetch } from "./dialect/dialect.ts";

/** The current path, and the one that older servers have (the customer's document). */
export const USAGE_PATHS = ["/v1/token_plan/remains", "/v1/api/openplatform/coding_plan/remains"] as const;

export interface UsageRequest {
  /** The Anthropic-compatible base URL that the token belongs to: the plan is asked for on the same host. */
  readonly baseUrl: string;
  /** What a person reads: "Global", "CN". */
  readonly regionLabel: string;
  readonly accessToken: string;
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
export async function fetchUsage(send: Fetch, request: UsageRequest, clock: Clock): Promise<Usage> {
  const origin = new URL(request.baseUrl).origin;
  for (const path of USAGE_PATHS) {
    const rows = await ask(send, origin + path, request, clock);
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
async function ask(send: Fetch, url: string, request: UsageRequest, clock: Clock) {
  const headers = { authorization: `Bearer ${request.accessToken}`, accept: "application/json" };
  let response: Response;
  try {
    response = await send(url, { method: "GET", headers, ...(request.signal && { signal: request.signal }) });
  } catch (error) {
    throw isAuthError(error) ? aboutUsage(error) : error;
  }
  const body = parseJson(await response.text());
  const { status } = response;
  const { base_resp } = answerEnvelope.parse(typeof body === "object" && body !== null ? body : {});
  const refusal = usageRefusal(status, base_resp, request.regionLabel);
  if (refusal) throw refusal;
  if (status === 408 || status >= 500) throw usageUnavailable(response);
  if (!response.ok && !ELSEWHERE.has(status)) throw usageRefused(`HTTP ${status}`);
  return response.ok ? usageRows(body, clock.now()) : undefined;
}

/** A failed connection, told to someone who asked for the usage and whose sign-in is not at stake. */
function aboutUsage(error: AuthError): AuthError {
  if (error.code === "cancelled") return usageLate();
  const next = error.text.next?.replace(/`openclaw onboard [^`]*`/, `\`${USAGE_COMMAND}\``);
  return new AuthError(error.code, {
    ...error.text,
    kept: "Your sign-in is not affected.",
    ...(next === undefined ? {} : { next }),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
