export interface Deadlines {
  /** One keychain call. */
  readonly keychain: number;
  /** One call of the token endpoint, from its start: waiting for the lock is over by then. */
  readonly call: number;
  /** How long one process keeps the lock: one call, with keychain reads and writes around it. */
  readonly lockTime: number;
  /** How long a process waits for the lock. */
  readonly wait: number;
  /** Telling the server of a sign-out, after the lock; the person waits for it. */
  readonly revocation: number;
}

/**
 * How long the keychain's child process, which outlives the process that started it, is given to finish, ms. It
 * takes about 50; one that hangs may live for its whole deadline, and its write then still comes.
 */
export const LATE_WRITE_MS = 400;

/**
 * How long things may take, in ms. The order matters: a call ends before the time of the lock, and a process
 * waits for the lock for longer than that, so that it finds the outcome and does not refresh a second time.
 */
export const DEADLINES = inOrder({
  keychain: 5_000,
  call: 15_000,
  lockTime: 40_000,
  wait: 60_000,
  revocation: 5_000,
});

/** @throws RangeError when a refresh does not fit in the time of its lock, or a waiting process gives up before */
export function inOrder<T extends Omit<Deadlines, "revocation">>(deadlines: T): T {
  const { keychain, call, lockTime, wait } = deadlines;
  // The process with the lock reads once, after a crash again, calls once, and then reads again or writes up to twice.
  if (call + LATE_WRITE_MS + 4 * keychain >= lockTime)
    throw new RangeError("A refresh does not fit in the time of its lock.");
  if (lockTime >= wait) throw new RangeError("A process that waits gives up before the lock's time is over.");
  return deadlines;
}
