import type { Clock } from "../../src/base/clock.ts";

export interface VirtualClock extends Clock {
  /** Every wait so far, ms. */
  readonly sleeps: number[];
  /** Time goes by. */
  advance(ms: number): void;
  /** Somebody sets the wall clock: time does not go by. */
  setBy(ms: number): void;
  /** The machine sleeps: the wall clock goes on, the monotonic one stands still. */
  suspend(ms: number): void;
}

/** A clock on which a wait takes no time: it turns the clock and goes on. */
export function virtualClock(start = 1_800_000_000_000): VirtualClock {
  let now = start;
  let monotonic = 0;
  const sleeps: number[] = [];
  const advance = (ms: number) => {
    now += ms;
    monotonic += ms;
  };
  const setBy = (ms: number) => {
    now += ms;
  };
  return {
    sleeps,
    now: () => now,
    monotonic: () => monotonic,
    advance,
    setBy,
    suspend: setBy,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      advance(ms);
    },
  };
}
