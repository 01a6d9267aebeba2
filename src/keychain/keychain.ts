import type { StoreName } from "./stores.ts";

/** A person may have to answer the keychain's prompt while signing in. */
export const ATTENDED: CallOptions = { deadlineMs: 60_000, attended: true };

/** The service name of every item of this package. */
export const SERVICE = "openclaw-minimax-portal";

export interface CallOptions {
  /**
   * How long the call may take, in ms, waiting for its turn included; `DEADLINES.keychain` by default. Give it
   * longer while a person may be answering a prompt.
   */
  deadlineMs?: number;
  /**
   * A person is there who can answer the keychain's prompt. Without it a process that once left a keyring
   * locked asks for no further prompt: its calls find the keyring locked at once, until it is unlocked.
   */
  attended?: boolean;
  /** Ends the call early; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * One store of named values. What becomes of a call:
 *
 * | Outcome     | How it is reported                                                  |
 * |-------------|---------------------------------------------------------------------|
 * | found       | `get` gives the value                                               |
 * | absent      | `get` gives undefined, `delete` false                               |
 * | locked      | AuthError `keychain_locked`                                         |
 * | unavailable | AuthError `keychain_unavailable`: no binding, no bus, no service    |
 * | timed out   | AuthError `keychain_timed_out`                                      |
 * | refused     | AuthError `keychain_refused`: it gave a reason that is none of these |
 * | too large   | AuthError `keychain_too_large`; larger values are split by themselves |
 *
 * The encrypted file also throws `store_key_missing`, `store_file_unsafe` or `store_key_wrong`; a value too
 * large for one item also `record_invalid`, when the file with its other half is gone. None of them means
 * "signed out". "Absent" through keytar, where the keyring could not be asked whether it is locked, still
 * means "locked or missing".
 */
export interface Keychain {
  readonly store: StoreName;
  /** The stored value; undefined if there is none. */
  get(account: string, call?: CallOptions): Promise<string | undefined>;
  /**
   * Stores or replaces the value. Refuses an empty value, NUL and unpaired surrogates, which the bindings
   * would reject, cut off or alter. After `keychain_timed_out` the value may still arrive: read it again.
   */
  set(account: string, value: string, call?: CallOptions): Promise<void>;
  /** Whether an item was there. */
  delete(account: string, call?: CallOptions): Promise<boolean>;
}

/** The child as the build leaves it. */
export const CHILD_FILE = "keychain-child.cjs";

export interface KeychainOptions {
  /** Path of the child's script: `child.ts` from source, `CHILD_FILE` in `dist` when built. */
  childPath: string;
  /** The environment to take the child's variables and the encrypted file's key from. */
  env: NodeJS.ProcessEnv;
  /** Where the encrypted file lives, and the other half of values that are too large for one item. */
  directory: string;
  /** This machine's, unless another is given. */
  platform?: NodeJS.Platform;
  spawn?: typeof import("node:child_process").spawn;
  /** Of a call without a deadline of its own, in ms; `DEADLINES.keychain` by default. */
  defaultDeadlineMs?: number;
  /** Takes the place of a store, for tests; undefined: the store itself. */
  replaceStore?: (store: StoreName) => Keychain | undefined;
}
