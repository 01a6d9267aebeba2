import type { Clock } from "../../src/safety/clock.ts";

export interface VirtualClock extends Clock {
  /** Every wait so far, ms. */
  readonly sleeps: number[];
  advance(ms: number): void;
}

/** A clock on which a wait takes no time: it turns the clock and goes on. */
export function virtualClock(start = 1_800_000_000_000): VirtualClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      now += ms;
    },
  };
}
