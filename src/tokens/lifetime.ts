import type { Clock } from "../base/clock.ts";
import type { Credential } from "./credential.ts";
import { type Freshness, timeLeft, windowMs } from "./window.ts";

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
