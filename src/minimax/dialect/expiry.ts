const RELATIVE_BELOW = 1e9;
const SECONDS_BELOW = 1e12;
/** A server clock further off than this is corrected for; below it the `Date` header is too coarse. */
const SKEW_TOLERATED_MS = 5_000;

export interface ExpiryContext {
  /** This machine's time, epoch ms. */
  readonly now: number;
  /** The answer's `Date` header, epoch ms, when it carried a readable one. */
  readonly serverNow?: number | undefined;
}

/**
 * Remaining life in ms of MiniMax's `expired_in`, whose unit varies: below 1e9 it is relative
 * seconds, below 1e12 epoch seconds, else epoch ms (facts "Device (user-code) flow"). Absolute times
 * are measured against the server's own clock when the two differ.
 * @returns undefined when it is not a positive finite number
 */
export function remainingLifeMs(expiredIn: number, { now, serverNow }: ExpiryContext): number | undefined {
  if (!Number.isFinite(expiredIn) || expiredIn <= 0) return undefined;
  if (expiredIn < RELATIVE_BELOW) return expiredIn * 1000;
  const at = expiredIn < SECONDS_BELOW ? expiredIn * 1000 : expiredIn;
  return at - now - clockSkewMs({ now, serverNow });
}

/** By how much the server's clock is ahead of this machine's, in ms; 0 where it is too little to tell. */
export function clockSkewMs({ now, serverNow }: ExpiryContext): number {
  const skew = serverNow === undefined ? 0 : serverNow - now;
  return Math.abs(skew) > SKEW_TOLERATED_MS ? skew : 0;
}
