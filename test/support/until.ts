import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits, in real time, until the condition holds; fails after a minute. For what other processes do. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  otherwise = "It did not come about.",
): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) assert.fail(otherwise);
    await sleep(10);
  }
}
