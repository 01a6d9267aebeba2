import type { ErrorCode } from "../base/error.ts";

/** Refreshes that failed one after another; shared by all processes through the state file. */
export interface Trouble {
  /** Why the last one failed. */
  readonly code: ErrorCode;
  readonly failures: number;
  /** Epoch ms. */
  readonly failedAt: number;
  /** When to try again while the token is still valid, epoch ms. */
  readonly retryAt: number;
  /** The same once it has ended and requests wait for it. */
  readonly retryExpiredAt: number;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
/** Short, because a request may have to wait it out. */
export const LONGEST_EXPIRED_MS = 15_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** How long to wait after so many failures, ms: doubling from a second, with half of it left to chance. */
export function delayMs(failures: number, longest: number, random: () => number): number {
  return Math.min(longest, FIRST_MS * 2 ** (failures - 1)) * (0.5 + random() / 2);
}

export interface Failure {
  readonly code: ErrorCode;
  /** Epoch ms. */
  readonly now: number;
  /** The server's `Retry-After` (RFC 9110 §10.2.3), obeyed up to an hour. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The trouble after one more failure. */
export function afterFailure(
  before: Pick<Trouble, "failures"> | undefined,
  { code, now, retryAfterSeconds = 0 }: Failure,
  random: () => number,
): Trouble {
  const failures = (before?.failures ?? 0) + 1;
  const asked = Math.min(LONGEST_RETRY_AFTER_MS, retryAfterSeconds * 1000);
  const at = (longest: number) => Math.round(now + Math.max(asked, delayMs(failures, longest, random)));
  return { code, failures, failedAt: now, retryAt: at(LONGEST_MS), retryExpiredAt: at(LONGEST_EXPIRED_MS) };
}

/** How long not to try yet, ms. A clock that was set back ends the wait: better one call more than none. */
export function msToWait(trouble: Trouble | undefined, expired: boolean, now: number): number {
  if (!trouble || now < trouble.failedAt) return 0;
  return Math.max(0, (expired ? trouble.retryExpiredAt : trouble.retryAt) - now);
}
