import { AuthError, SIGN_IN_COMMAND, USAGE_COMMAND } from "../../base/error.ts";
import { quotable } from "../../base/text.ts";
import { otherRegion, regionWithHost } from "../regions.ts";

/** What MiniMax means by an error, whichever of its servers sends it. */
export type Meaning =
  | "token_rejected"
  | "region_mismatch"
  | "plan_missing"
  | "model_not_in_plan"
  | "quota_exhausted"
  | "overloaded"
  | "passing";

const DOCUMENTED = "platform.minimax.io/docs/api-reference/errorcode, November 2026";
const MMX_CLI = "MiniMax's own mmx-cli 1.0.27";

/** MiniMax's error numbers: meaning, and where it is known from. The only such table. */
const NUMBERS: ReadonlyMap<number, readonly [meaning: Meaning, source: string]> = new Map([
  [1000, ["passing", DOCUMENTED]],
  [1001, ["passing", DOCUMENTED]],
  [1002, ["passing", DOCUMENTED]],
  [1004, ["token_rejected", DOCUMENTED]],
  [1013, ["passing", "MiniMax's older API reference: internal service error"]],
  [1024, ["passing", DOCUMENTED]],
  [1028, ["quota_exhausted", MMX_CLI]],
  [1030, ["quota_exhausted", MMX_CLI]],
  [1033, ["passing", DOCUMENTED]],
  [1041, ["passing", DOCUMENTED]],
  // "invalid api key": what a valid key or token gets at the other region's endpoint.
  [2049, ["region_mismatch", "github.com/MiniMax-AI/MiniMax-01/issues/44"]],
  [2061, ["model_not_in_plan", MMX_CLI]],
  [2062, ["plan_missing", MMX_CLI]],
]);

/** HTTP statuses, where no number says more. */
const STATUSES: ReadonlyMap<number, readonly [meaning: Meaning, source: string]> = new Map([
  [401, ["token_rejected", "RFC 9110 §15.5.2"]],
  [402, ["quota_exhausted", "github.com/stagewise-io/stagewise/issues/1571: insufficient balance"]],
  [429, ["quota_exhausted", "RFC 6585 §4"]],
  [529, ["overloaded", "Anthropic's API, whose form MiniMax's models speak"]],
]);

/** What an answer means; the number counts before the status. Undefined for success and for what is not known. */
export function meaningOf(number: number, status?: number): Meaning | undefined {
  return (NUMBERS.get(number) ?? STATUSES.get(status ?? 0))?.[0];
}

/**
 * What the text of a failed request means. MiniMax's number stands in brackets at the end of a sentence or as
 * `status_code` in JSON; OpenClaw puts the HTTP status first.
 */
export function meaningIn(text: string, status = statusIn(text)): Meaning | undefined {
  const numbers = text.matchAll(/\((\d{4})\)|"status_code"\s*:\s*(\d{4})\b/g);
  for (const [, inBrackets, inJson] of numbers) {
    const meaning = meaningOf(Number(inBrackets ?? inJson));
    if (meaning) return meaning;
  }
  if (/plan not support model/i.test(text)) return "model_not_in_plan";
  return meaningOf(0, status);
}

function statusIn(text: string): number | undefined {
  const [, status] = /^\D{0,12}([45]\d\d)\b/.exec(text) ?? [];
  return status === undefined ? undefined : Number(status);
}

export interface Advice {
  readonly what: string;
  readonly next: string;
}

/** What an error says to a person whose sign-in is for `region`, and what they can do; none for what passes. */
export function adviceFor(meaning: Meaning, region: string): Advice | undefined {
  const here = regionWithHost(region);
  const other = otherRegion(region);
  const ifElsewhere = `if yours is at ${regionWithHost(other)}, add \`--minimax-region ${other}\``;
  switch (meaning) {
    case "token_rejected":
      return {
        what: `MiniMax refused the token at the endpoint ${here}.`,
        next: `Sign in again: \`${SIGN_IN_COMMAND}\`. A coding plan is good at one endpoint only: ${ifElsewhere}.`,
      };
    case "region_mismatch":
      return {
        what: `The endpoint ${here} does not know this sign-in; it may belong to the other one.`,
        next: `Sign in again: \`${SIGN_IN_COMMAND}\`. A coding plan is good at one endpoint only: ${ifElsewhere}.`,
      };
    case "plan_missing":
      return {
        what: `This MiniMax account has no active coding plan at ${here}.`,
        next: `Subscribe on MiniMax's page, or sign in with the account that has the plan: \`${SIGN_IN_COMMAND}\`; ${ifElsewhere}. Without a plan, use an API key: \`openclaw minimax-portal preset api-key\`.`,
      };
    case "model_not_in_plan":
      return {
        what: "The coding plan does not include this model.",
        next: "See which models there are: `openclaw models list --provider minimax-portal`.",
      };
    case "quota_exhausted":
      return {
        what: "The coding plan is used up for now, or requests come too fast.",
        next: `See when it resets: \`${USAGE_COMMAND}\`.`,
      };
    case "overloaded":
      return { what: "MiniMax is overloaded; nothing is wrong with your sign-in.", next: "Try again later." };
    case "passing":
      return undefined;
  }
}

interface Reported {
  readonly status: number;
  readonly baseResp: { readonly status_code: number; readonly status_msg?: string | undefined } | undefined;
  readonly region: string;
}

/** The error that a usage answer stands for; undefined where it reports none that is this API's. */
export function usageError({ status, baseResp, region }: Reported): AuthError | undefined {
  const number = baseResp?.status_code ?? 0;
  const source = number === 0 ? `HTTP ${status}` : `code ${number}`;
  const meaning = meaningOf(number, status);
  if (meaning === "passing" || meaning === "overloaded") return usageUnavailable(source);
  const advice = meaning && adviceFor(meaning, region);
  if (advice) {
    const what = advice.what.replace(/[.;,]/, (end) => ` (${source})${end}`);
    return new AuthError(meaning, { what, kept: "Your sign-in is kept.", next: advice.next });
  }
  if (number === 0) return undefined;
  return usageRefused(`${source}: ${quotable(baseResp?.status_msg ?? "", 120) || "no reason given"}`);
}

const KEPT = "Your sign-in is not affected.";

export function usageRefused(reason: string): AuthError {
  return new AuthError("portal_refused", {
    what: `MiniMax does not say what is left of the plan (${reason}).`,
    kept: KEPT,
    next: `Try again later: \`${USAGE_COMMAND}\`.`,
  });
}

export function usageUnavailable(reason: string): AuthError {
  return new AuthError("portal_unavailable", {
    what: `MiniMax cannot say just now what is left of the plan (${reason}).`,
    kept: KEPT,
    next: `Try again in a minute: \`${USAGE_COMMAND}\`.`,
  });
}

/** The caller had no more time. */
export function usageLate(): AuthError {
  return new AuthError("portal_timed_out", {
    what: "MiniMax did not say in time what is left of the plan.",
    kept: KEPT,
    next: `Ask without a time limit: \`${USAGE_COMMAND}\`.`,
  });
}
