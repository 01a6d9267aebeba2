import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

const RESOLUTION_MS = 5;

/** How long `work` took, in ms, less the longest that this process was kept waiting for a processor. */
export async function withoutLag(work: () => Promise<unknown>): Promise<number> {
  const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  lag.enable();
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  // What kept this process waiting just now is sampled at the next tick.
  await sleep(2 * RESOLUTION_MS);
  lag.disable();
  // Twice, because it may have been kept waiting at the end as it was in between.
  return ms - 2 * Math.max(0, lag.max / 1e6 - RESOLUTION_MS);
}
