import type { Clock } from "../base/clock.ts";
import { unlessOver } from "./hold.ts";
import type { AccountState } from "./types.ts";

/**
 * How long the keychain's child process, which outlives the process that started it, is given to finish, ms. It
 * takes about 50; one that hangs may live for its whole deadline, and its write then still comes.
 */
export const OUTLIVES_MS = 400;

/**
 * Waits until what a process left behind is over. A recorded intent may be of one that was killed while its
 * tokens were on their way to the keychain; they then still arrive, although the lock is free.
 */
export async function outwaitOrphan(
  before: Pick<AccountState, "intent"> | undefined,
  clock: Pick<Clock, "sleep">,
  held: AbortSignal,
): Promise<void> {
  if (before?.intent !== undefined) await unlessOver(held, clock.sleep(OUTLIVES_MS));
}
