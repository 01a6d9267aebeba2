import type { Clock } from "../safety/clock.ts";
import { type AuthError, cancelled, isAuthError } from "../safety/error.ts";
import { asAuthError, codeExpired, refusalCode } from "./refusals.ts";
import type { DeviceAuthorization, TokenSet } from "./types.ts";

export interface PollOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait; `trouble` is set while MiniMax cannot be reached. */
  readonly onWait?: ((wait: { msLeft: number; trouble?: AuthError }) => void) | undefined;
}

/** RFC 8628 §3.5: `slow_down` adds 5 s to this and every later interval. */
const SLOW_DOWN_MS = 5_000;
const LONGEST_INTERVAL_MS = 30_000;

/**
 * Polls the token endpoint until the person has decided (RFC 8628 §3.4, §3.5). Network failures and a
 * busy server slow polling down and never end the sign-in before the code's own deadline.
 * @throws AuthError `access_denied`, `code_expired`, `cancelled`, or any other refusal
 */
export async function pollForTokens(
  request: (signal: AbortSignal | undefined) => Promise<TokenSet>,
  authorization: Pick<DeviceAuthorization, "intervalMs" | "expiresAt">,
  { clock, signal, onWait }: PollOptions,
): Promise<TokenSet> {
  let intervalMs = authorization.intervalMs;
  let troubleMs = 0;
  let trouble: AuthError | undefined;
  for (;;) {
    const msLeft = authorization.expiresAt - clock.now();
    onWait?.(trouble ? { msLeft, trouble } : { msLeft });
    const waitMs = Math.max(intervalMs, troubleMs);
    if (waitMs >= msLeft) {
      await sleep(clock, Math.max(0, msLeft), signal);
      throw codeExpired();
    }
    await sleep(clock, waitMs, signal);
    try {
      return await request(signal);
    } catch (error) {
      const refusal = refusalCode(error);
      if (refusal === "authorization_pending" || refusal === "slow_down") {
        if (refusal === "slow_down") intervalMs += SLOW_DOWN_MS;
        troubleMs = 0;
        trouble = undefined;
        continue;
      }
      trouble = asAuthError(error);
      if (!isAuthError(trouble, "portal_unreachable", "portal_timed_out", "portal_unavailable"))
        throw trouble;
      const doubled = Math.min(LONGEST_INTERVAL_MS, 2 * waitMs);
      troubleMs = Math.max(doubled, (trouble.text.retryAfterSeconds ?? 0) * 1000);
    }
  }
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    throw cancelled();
  }
}
