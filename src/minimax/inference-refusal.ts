import { REGIONS, type RegionId, regionLabel } from "./regions.ts";

/** Why MiniMax's inference API refused a request. */
export type InferenceRefusal = "wrong_credential" | "no_plan" | "quota_used_up" | "overloaded";

/** MiniMax's own numbers; they stand in brackets at the end of a message (facts, "Usage API"). */
const BY_CODE: Readonly<Record<string, InferenceRefusal>> = {
  1004: "wrong_credential",
  2049: "wrong_credential",
  2062: "no_plan",
  1028: "quota_used_up",
  1030: "quota_used_up",
};
const BY_STATUS: Readonly<Record<number, InferenceRefusal>> = {
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
    const refusal = BY_CODE[inBrackets ?? inJson ?? ""];
    if (refusal) return refusal;
  }
  return status === undefined ? undefined : BY_STATUS[status];
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
