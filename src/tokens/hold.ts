import { holdIsOver } from "./messages.ts";

/** `work`'s outcome, unless the time to hold the lock ends first. @throws AuthError `state_unavailable` */
export function unlessOver<T>(held: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onOver = () => reject(holdIsOver());
    if (held.aborted) onOver();
    held.addEventListener("abort", onOver, { once: true });
    work.then(resolve, reject).finally(() => held.removeEventListener("abort", onOver));
  });
}
