import type { Credential } from "./credential.ts";

const FIVE_MINUTES_MS = 5 * 60_000;

export type Freshness = "fresh" | "due" | "expired";

type Times = Pick<Credential, "expiresAt" | "obtainedAt">;

/** The time before a token's end in which it is refreshed, ms: 5 minutes or 20 % of its life, at most half. */
export function windowMs({ expiresAt, obtainedAt }: Times): number {
  const life = expiresAt - obtainedAt;
  return Math.min(life / 2, Math.max(FIVE_MINUTES_MS, life / 5));
}

/**
 * What is left of a token's life, ms, by the wall clock. Never more than its whole life: a clock that was
 * set back since would otherwise stretch it.
 */
export function timeLeft({ expiresAt, obtainedAt }: Times, now: number): number {
  return Math.min(expiresAt - now, expiresAt - obtainedAt);
}

/** Whether a token is to be used as it is, used while a refresh runs behind it ("due"), or no more. */
export function freshness(times: Times, now: number): Freshness {
  const left = timeLeft(times, now);
  if (left <= 0) return "expired";
  return left <= windowMs(times) ? "due" : "fresh";
}
