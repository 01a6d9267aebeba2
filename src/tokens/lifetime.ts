import type { Clock } from "../base/clock.ts";
import type { Credential } from "./credential.ts";

/** When a token in memory becomes due and ends, by both clocks, ms. */
export interface Life {
  readonly dueWall: number;
  readonly endWall: number;
  readonly dueMonotonic: number;
  readonly endMonotonic: number;
}

/** Part of the window by which a process may start later than another. */
const JITTER = 0.2;

/**
 * Measures a token's life from now on. Both clocks count, and the one that is further along decides: the
 * wall clock goes on while the machine sleeps, and the monotonic one cannot be set back. What neither sees
 * (set back while asleep) ends in one 401. The jitter only ever shortens the window.
 */
export function measure(
  credential: Pick<Credential, "expiresAt" | "obtainedAt">,
  clock: Pick<Clock, "now" | "monotonic">,
  random: () => number,
): Life {
  const [wall, monotonic] = [clock.now(), clock.monotonic()];
  const left = timeLeft(credential, wall);
  const dueIn = left - windowMs(credential) * (1 - JITTER * random());
  return {
    dueWall: wall + dueIn,
    endWall: wall + left,
    dueMonotonic: monotonic + dueIn,
    endMonotonic: monotonic + left,
  };
}

export function freshnessIn(life: Life, clock: Pick<Clock, "now" | "monotonic">): Freshness {
  const [wall, monotonic] = [clock.now(), clock.monotonic()];
  if (wall >= life.endWall || monotonic >= life.endMonotonic) return "expired";
  return wall >= life.dueWall || monotonic >= life.dueMonotonic ? "due" : "fresh";
}

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
