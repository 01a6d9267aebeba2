import type { Clock } from "../base/clock.ts";
import { AuthError, SIGN_IN_COMMAND } from "../base/error.ts";

/** Whether a status says "not now" rather than "no" (RFC 9110 §15.5.9, §15.6; RFC 8470; RFC 6585 §4). */
export function isBusy(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The sign-in server cannot answer just now; the error carries its `Retry-After`. */
export function busyServer({ status, headers }: Response, clock: Clock): AuthError {
  const retryAfterSeconds = retryAfter(headers.get("retry-after"), clock.now());
  return new AuthError("portal_unavailable", {
    what: `MiniMax's sign-in server cannot answer just now (HTTP ${status}).`,
    next: `Try again in a minute: \`${SIGN_IN_COMMAND}\`.`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

const LONGEST_WAIT_S = 24 * 3600;

/** RFC 9110 §10.2.3: seconds, or the moment itself. */
function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(LONGEST_WAIT_S, Math.max(0, seconds));
}
