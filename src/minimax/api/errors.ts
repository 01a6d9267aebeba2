import { AuthError, type ErrorCode, SIGN_IN_COMMAND, USAGE_COMMAND } from "../../base/error.ts";
import { quotable } from "../../base/text.ts";
import { REGIONS, type RegionId, regionLabel } from "../regions.ts";

interface BaseResp {
  readonly status_code: number;
  readonly status_msg?: string | undefined;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly what: (regionLabel: string) => string;
  readonly next: string;
}

const REJECTED: Meaning = {
  code: "token_rejected",
  what: (region) => `MiniMax refused the token at the endpoint ${region}.`,
  next: `If it goes on, sign in again, and to the right endpoint: \`${SIGN_IN_COMMAND}\`.`,
};

const QUOTA: Meaning = {
  code: "quota_exhausted",
  what: () => "The coding plan is used up for now.",
  next: `See when it resets: \`${USAGE_COMMAND}\`.`,
};

/** MiniMax's own error numbers, which come inside HTTP 200 (facts, "Usage API"). */
const BY_NUMBER: ReadonlyMap<number, Meaning> = new Map([
  [1004, REJECTED],
  [
    2049,
    {
      code: "region_mismatch",
      what: (region) => `The endpoint ${region} does not know this sign-in; it may belong to the other one.`,
      next: `Sign in to the right endpoint: \`${SIGN_IN_COMMAND} --minimax-region global\` or \`… cn\`.`,
    },
  ],
  [
    2061,
    {
      code: "model_not_in_plan",
      what: () => "The coding plan does not include this model.",
      next: "See which models there are: `openclaw minimax-portal models`.",
    },
  ],
  [
    2062,
    {
      code: "plan_missing",
      what: () => "This MiniMax account has no active coding plan.",
      next: `Subscribe on MiniMax's page, or sign in with the account that has the plan: \`${SIGN_IN_COMMAND}\`.`,
    },
  ],
  [1028, QUOTA],
  [1030, QUOTA],
]);

const BY_STATUS: ReadonlyMap<number, Meaning> = new Map([
  [401, REJECTED],
  [402, QUOTA],
  [429, QUOTA],
]);

/** The error that an answer stands for, or undefined where it reports none that is this API's. */
export function usageRefusal(
  status: number,
  baseResp: BaseResp | undefined,
  regionLabel: string,
): AuthError | undefined {
  const number = baseResp?.status_code ?? 0;
  const meaning = BY_NUMBER.get(number) ?? BY_STATUS.get(status);
  if (meaning) return errorOf(meaning, regionLabel, number === 0 ? `HTTP ${status}` : `code ${number}`);
  if (number === 0) return undefined;
  const words = quotable(baseResp?.status_msg ?? "", 120) || "no reason given";
  return usageRefused(`code ${number}: ${words}`);
}

export function usageRefused(said: string): AuthError {
  return new AuthError("portal_refused", {
    what: `MiniMax does not say what is left of the plan (${said}).`,
    kept: "Your sign-in is not affected.",
    next: `Try again later: \`${USAGE_COMMAND}\`.`,
  });
}

export function usageUnavailable({ status }: Response): AuthError {
  return new AuthError("portal_unavailable", {
    what: `MiniMax cannot say just now what is left of the plan (HTTP ${status}).`,
    kept: "Your sign-in is not affected.",
    next: `Try again in a minute: \`${USAGE_COMMAND}\`.`,
  });
}

/** The caller had no more time. */
export function usageLate(): AuthError {
  return new AuthError("portal_timed_out", {
    what: "MiniMax did not say in time what is left of the plan.",
    kept: "Your sign-in is not affected.",
    next: `Ask without haste: \`${USAGE_COMMAND}\`.`,
  });
}

function errorOf({ code, what, next }: Meaning, regionLabel: string, said: string): AuthError {
  return new AuthError(code, {
    what: what(regionLabel).replace(/[.;]/, (end) => ` (${said})${end}`),
    kept: "Your sign-in is kept.",
    next,
  });
}

/** Why MiniMax's inference API refused a request. */
export type InferenceRefusal = "wrong_credential" | "no_plan" | "quota_used_up" | "overloaded";

/** MiniMax's own numbers; they stand in brackets at the end of a message (facts, "Usage API"). */
const REFUSAL_BY_CODE: Readonly<Record<string, InferenceRefusal>> = {
  1004: "wrong_credential",
  2049: "wrong_credential",
  2062: "no_plan",
  1028: "quota_used_up",
  1030: "quota_used_up",
};

const REFUSAL_BY_STATUS: Readonly<Record<number, InferenceRefusal>> = {
  401: "wrong_credential",
  402: "no_plan",
  429: "quota_used_up",
  529: "overloaded",
};

/**
 * Reads a refusal from the text of an error, which begins with the HTTP status in OpenClaw.
 * MiniMax's number decides; a status alone can mean several things.
 */
export function inferenceRefusal(text: string, status = statusIn(text)): InferenceRefusal | undefined {
  const codes = [...text.matchAll(/\((\d{4})\)|"status_code"\s*:\s*(\d{4})\b/g)];
  for (const [, inBrackets, inJson] of codes) {
    const refusal = REFUSAL_BY_CODE[inBrackets ?? inJson ?? ""];
    if (refusal) return refusal;
  }
  return status === undefined ? undefined : REFUSAL_BY_STATUS[status];
}

function statusIn(text: string): number | undefined {
  const [, status] = /^\D{0,12}([45]\d\d)\b/.exec(text) ?? [];
  return status === undefined ? undefined : Number(status);
}

export interface RefusedRequest {
  readonly region: string;
}

/** What a person can do about it: one or two sentences, with the command where there is one. */
export function inferenceAdvice(refusal: InferenceRefusal, { region }: RefusedRequest): string {
  const here = REGIONS[region as RegionId];
  const other = region === "cn" ? REGIONS.global : REGIONS.cn;
  switch (refusal) {
    case "wrong_credential":
      return `Sign in again: \`openclaw onboard --auth-choice minimax-portal\`. The sign-in is for ${regionLabel(region)} (${here?.apiHost ?? "unknown host"}), and a coding plan is good at one endpoint only: if yours is at ${other.label} (${other.apiHost}), add \`--minimax-region ${other.id}\`.`;
    case "no_plan":
      return `MiniMax sees no active coding plan of this account at ${regionLabel(region)}. If it is at ${other.label}: \`openclaw onboard --auth-choice minimax-portal --minimax-region ${other.id}\`.`;
    case "quota_used_up":
      return "The coding plan's quota is used up for now, or requests come too fast. See when it resets: `openclaw minimax-portal usage`.";
    case "overloaded":
      return "MiniMax is overloaded; nothing is wrong with your sign-in.";
  }
}
