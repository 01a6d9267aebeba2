/**
 * Where a credential can be kept. `secret-service` is `@napi-rs/keyring` pinned to the Secret Service on
 * Linux; on macOS and Windows the same binding uses the system's own store. keytar and `secret-service` do
 * not see each other's items, so the store that holds a credential must be remembered.
 */
export type StoreName = "keytar" | "secret-service" | "encrypted-file" | "memory";

/** The service name of every item of this package. */
export const SERVICE = "openclaw-minimax-portal";

export interface CallOptions {
  /**
   * How long the call may take, in ms, waiting for its turn included. 5000 by default; give it longer while
   * a person may be answering a prompt.
   */
  deadlineMs?: number;
  /** Ends the call early; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * One store of named values. Every call rejects with an AuthError: `keychain_unavailable`,
 * `keychain_locked`, `keychain_timed_out` or `keychain_refused`; the encrypted file also with
 * `store_key_missing`, `store_file_unsafe` or `store_key_wrong`. None of them means "signed out".
 */
export interface Keychain {
  readonly store: StoreName;
  /** The stored value; undefined if there is none. keytar on Linux also gives undefined while locked. */
  get(account: string, call?: CallOptions): Promise<string | undefined>;
  /**
   * Stores or replaces the value. Refuses an empty value, NUL and unpaired surrogates, which the bindings
   * would reject, cut off or alter. After `keychain_timed_out` the value may still arrive: read it again.
   */
  set(account: string, value: string, call?: CallOptions): Promise<void>;
  /** Whether an item was there. keytar on Linux also gives false while locked. */
  delete(account: string, call?: CallOptions): Promise<boolean>;
}

export interface KeychainOptions {
  /** Path of the child's script: `child.ts` from source, `dist/keychain-child.js` when installed. */
  childPath: string;
  /** The environment to take the child's variables and the encrypted file's key from. */
  env: NodeJS.ProcessEnv;
  /** Where the encrypted file lives. */
  directory: string;
  spawn?: typeof import("node:child_process").spawn;
  /** In ms; 5000 by default. */
  defaultDeadlineMs?: number;
}

export const DEFAULT_DEADLINE_MS = 5000;
