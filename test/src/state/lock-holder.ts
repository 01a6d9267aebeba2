import { systemClock } from "../../../src/base/clock.ts";
import { createAccountLock } from "../../../src/state/lock.ts";

const [directory = ""] = process.argv.slice(2);
await createAccountLock(directory, { clock: systemClock })("default", () => {
  process.send?.("locked");
  // A timer holds on to the promise; without it the lock would be garbage, and free.
  return new Promise((resolve) => setTimeout(resolve, 600_000));
});
