/**
 * How long things may take, in ms. The order matters: a call ends before its holder gives up the lock,
 * and a waiter outlasts a holder, so that a waiter finds the outcome instead of a second refresh.
 */
export const DEADLINES = {
  /** One call of the token endpoint. */
  call: 15_000,
  /** Telling the server of a sign-out; the person waits for it. */
  revocation: 5_000,
  /** A holder of the lock: one call, and keychain reads and writes around it. */
  hold: 40_000,
  /** A waiter for the lock. */
  wait: 60_000,
} as const;
