export interface Deadlines {
  /** One keychain call. */
  readonly keychain: number;
  /** One call of the token endpoint, from its start: waiting for the lock is over by then. */
  readonly call: number;
  /** A holder of the lock: one call, with keychain reads and writes around it. */
  readonly hold: number;
  /** A waiter for the lock. */
  readonly wait: number;
  /** Telling the server of a sign-out, after the lock; the person waits for it. */
  readonly revocation: number;
}

/**
 * How long things may take, in ms. The order matters: a call ends before its holder gives up the lock,
 * and a waiter outlasts a holder, so that a waiter finds the outcome instead of a second refresh.
 */
export const DEADLINES = inOrder({
  keychain: 5_000,
  call: 15_000,
  hold: 40_000,
  wait: 60_000,
  revocation: 5_000,
});

/** @throws RangeError when a holder's steps do not fit in its time, or a waiter does not outlast it */
export function inOrder<T extends Omit<Deadlines, "revocation">>(deadlines: T): T {
  const { keychain, call, hold, wait } = deadlines;
  // A holder reads once, after a crash again, calls once, and then reads again or writes up to twice.
  if (call + OUTLIVES_MS + 4 * keychain >= hold)
    throw new RangeError("A refresh does not fit in the time of its lock.");
  if (hold >= wait) throw new RangeError("A waiter gives up before the lock's holder has to.");
  return deadlines;
}

/**
 * How long the keychain's child process, which outlives the process that started it, is given to finish, ms. It
 * takes about 50; one that hangs may live for its whole deadline, and its write then still comes.
 */
export const OUTLIVES_MS = 400;
