import type { Credential } from "./credential.ts";

const FIVE_MINUTES_MS = 5 * 60_000;

export type Freshness = "fresh" | "due" | "expired";

/**
 * Whether a token is to be used as it is, used while a refresh runs behind it ("due"), or no more.
 * The window before the end is the larger of 5 minutes and 20 % of the life, at most half of it.
 */
export function freshness(
  { expiresAt, obtainedAt }: Pick<Credential, "expiresAt" | "obtainedAt">,
  now: number,
): Freshness {
  const life = expiresAt - obtainedAt;
  const window = Math.min(life / 2, Math.max(FIVE_MINUTES_MS, life / 5));
  const left = expiresAt - now;
  if (left <= 0) return "expired";
  return left <= window ? "due" : "fresh";
}
