import type { Clock } from "../base/clock.ts";
import { type AuthError, cancelled, isAuthError } from "../base/error.ts";
import type { DeviceAuthorization, TokenSet } from "./answers.ts";
import { asAuthError, codeExpired, oauthErrorCode } from "./errors.ts";

export interface PollOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Told every second; `trouble` is set while MiniMax cannot be reached. */
  readonly onWait?: ((wait: PollWait) => void) | undefined;
}

export interface PollWait {
  /** Until the code expires. */
  readonly msLeft: number;
  /** Until the server is asked again. */
  readonly msToNextPoll: number;
  readonly trouble?: AuthError;
}

/** RFC 8628 §3.5: `slow_down` adds 5 s to this and every later interval. */
const SLOW_DOWN_MS = 5_000;
const LONGEST_INTERVAL_MS = 30_000;
/** How often the person sees the time left. */
const TICK_MS = 1_000;

/** A request that did not get through, or a server that is busy: nobody has refused anything. */
const PASSING = [
  "portal_unreachable",
  "portal_timed_out",
  "portal_unavailable",
  "portal_proxy_refused",
  "portal_certificate",
] as const;

/**
 * Polls the token endpoint until the person has decided (RFC 8628 §3.4, §3.5). Network failures and a
 * busy server slow polling down and never end the sign-in before the code's own deadline. The deadline is
 * kept on the monotonic clock, so that setting the machine's clock neither ends nor prolongs a sign-in;
 * after a sleep it is the server that says whether the code still lives.
 * @throws AuthError `access_denied`, `code_expired`, `cancelled`, or any other refusal
 */
export async function pollForTokens(
  request: (signal: AbortSignal | undefined) => Promise<TokenSet>,
  authorization: Pick<DeviceAuthorization, "intervalMs" | "expiresAt">,
  { clock, signal, onWait = () => {} }: PollOptions,
): Promise<TokenSet> {
  const elapsed = stopwatch(clock);
  const lifeMs = authorization.expiresAt - clock.now();
  let intervalMs = authorization.intervalMs;
  let troubleMs = 0;
  let trouble: AuthError | undefined;
  for (;;) {
    const msLeft = lifeMs - elapsed().ms;
    const waitMs = Math.max(intervalMs, troubleMs);
    const ends = waitMs >= msLeft;
    for (let ms = Math.max(0, ends ? msLeft : waitMs); ms > 0; ms -= TICK_MS) {
      const left = Math.max(0, lifeMs - elapsed().ms);
      onWait({ msLeft: left, msToNextPoll: ms, ...(trouble ? { trouble } : {}) });
      await sleep(clock, Math.min(TICK_MS, ms), signal);
    }
    if (ends) throw codeExpired(elapsed().driftMs, trouble);
    try {
      return await request(signal);
    } catch (error) {
      const code = oauthErrorCode(error);
      if (code === "expired_token") throw codeExpired(elapsed().driftMs);
      if (code === "authorization_pending" || code === "slow_down") {
        if (code === "slow_down") intervalMs += SLOW_DOWN_MS;
        troubleMs = 0;
        trouble = undefined;
        continue;
      }
      trouble = asAuthError(error);
      if (!isAuthError(trouble, ...PASSING)) throw trouble;
      const doubled = Math.min(LONGEST_INTERVAL_MS, 2 * waitMs);
      troubleMs = Math.max(doubled, (trouble.text.retryAfterSeconds ?? 0) * 1000);
    }
  }
}

/** Time since now, and by how much the machine's clock has been moved in it. */
function stopwatch(clock: Clock): () => { ms: number; driftMs: number } {
  const start = { wall: clock.now(), monotonic: clock.monotonic() };
  return () => {
    const ms = clock.monotonic() - start.monotonic;
    return { ms, driftMs: clock.now() - start.wall - ms };
  };
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    throw cancelled();
  }
}
