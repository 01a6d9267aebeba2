import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Explored } from "./explore.ts";
import type { Scenario } from "./simulation.ts";

/**
 * `explore` in a thread of its own: a test runner follows every promise, and there are a hundred million.
 * @throws Error that tells the broken promise, and the steps to it
 */
export async function exploreApart(scenario: Scenario): Promise<Explored> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: scenario });
  const [{ explored, violation }] = await once(worker, "message");
  if (violation !== undefined) throw new Error(violation);
  return explored;
}

export function summary({ states, transitions, ends, longest, lost }: Explored): string {
  return (
    `${states} states, ${transitions} transitions, ${ends} ends, longest way ${longest} steps; ` +
    `${lost} ends in the window that nothing can close`
  );
}
