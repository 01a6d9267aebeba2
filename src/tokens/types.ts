import type { Clock } from "../base/clock.ts";
import type { AuthError, ErrorCode } from "../base/error.ts";
import type { Secret } from "../base/secret.ts";
import type { Trouble } from "./back-off.ts";
import type { Credential } from "./credential.ts";

/** A code that waits for the person. */
export interface PendingSignIn {
  readonly userCode: string;
  readonly verificationUri: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** Ends when the person has decided. */
  wait(onWait: (wait: WaitState) => void, signal?: AbortSignal): Promise<IssuedTokens>;
}

export interface WaitState {
  readonly msLeft: number;
  /** Until the server is asked again. */
  readonly msToNextPoll: number;
  /** Set while MiniMax cannot be reached; waiting goes on. */
  readonly trouble?: Error;
}

/** Tokens as the authorization server hands them out, with what the credential keeps of the answer. */
export interface IssuedTokens {
  readonly accessToken: Secret;
  /** Absent: the old one stays valid. */
  readonly refreshToken?: Secret;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly scope?: string;
  /** The authorization server that issued them. */
  readonly issuer?: string;
  /** Where requests go, already checked; absent: as before. */
  readonly baseUrl?: string;
  /** A message of the server's for the person. */
  readonly notice?: string;
}

/** Trades a refresh token for new tokens. Throws AuthError; only `grant_rejected` is for good. */
export type RefreshGrant = (credential: Credential) => Promise<IssuedTokens>;

/** The credential's one home. */
export interface CredentialStore {
  /** @returns undefined when the keychain has no item, or (keytar) hides it because it is locked */
  read(account: string): Promise<Credential | undefined>;
  write(credential: Credential): Promise<void>;
  /** @returns whether an item was deleted; keytar also says false when the keychain is locked */
  delete(account: string): Promise<boolean>;
}

/** Where an account's sign-in lies, and which one it is. */
export interface Pointer {
  readonly account: string;
  /** Which keychain binding holds the item; later reads use only that one. */
  readonly store: string;
  readonly region: string;
  readonly generationId: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** What is known of an account without asking the keychain; holds no secret. */
export interface AccountState extends Pointer {
  /** The generation that the server refused for good, if one was. */
  readonly quarantined?: string;
  /** The generation whose refresh began and has no outcome yet. */
  readonly intent?: string;
  /** The process that holds the newest tokens in memory, because the keychain could not save them. */
  readonly heldBy?: number;
  /** Refreshes that failed since the last success. */
  readonly trouble?: Trouble;
  /** When a refresh last answered a 401 of the provider's, epoch ms. */
  readonly recoveredAt?: number;
}

/** How a refresh or sign-in ended. */
export interface Outcome {
  /** Epoch ms. */
  readonly at: number;
  readonly code: "signed_in" | "refreshed" | "adopted" | "saved" | ErrorCode;
  readonly durationMs: number;
}

/** At once from a file; later where a model of the state decides when. */
export type Awaitable<T> = T | Promise<T>;

/** The state, as the one who holds an account's lock uses it. Every method is one transaction. */
export interface StateFile {
  get(account: string): Awaitable<AccountState | undefined>;
  /**
   * Records a sign-in or refresh: with it end quarantine, intent, trouble and holder. Without `recoveredAt`
   * that ends as well.
   */
  put(state: Pointer & Pick<AccountState, "recoveredAt">, outcome?: Outcome): Awaitable<void>;
  /** Names another store for the sign-in; everything else stays. */
  moveTo(account: string, store: string): Awaitable<void>;
  setIntent(account: string, generation: string): Awaitable<void>;
  /** The server refused this generation, which becomes the recorded one, for good. */
  quarantine(account: string, generation: string, outcome: Outcome): Awaitable<void>;
  /** A refresh failed for now; the intent ends if the server is known not to have spent the token. */
  fail(account: string, trouble: Trouble, endIntent: boolean, outcome: Outcome): Awaitable<void>;
  /** The newest tokens are in this process's memory only. */
  setHolder(account: string, pid: number, outcome: Outcome): Awaitable<void>;
  delete(account: string): Awaitable<void>;
}

/**
 * Runs `work` while no other process runs work for the same account. `lockTime` aborts, with AuthError
 * `state_unavailable`, when the time to keep the lock is over: work then ends soon, and begins nothing new.
 */
export type AccountLock = <T>(account: string, work: (lockTime: AbortSignal) => Promise<T>) => Promise<T>;

/** What a refresh works with. */
export interface RefresherOptions {
  readonly store: CredentialStore;
  readonly state: StateFile;
  readonly lock: AccountLock;
  readonly grant: RefreshGrant;
  /** Throws AuthError where the config now forbids to send this refresh token. */
  readonly check: (credential: Credential) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly process: { readonly pid: number; readonly isAlive: (pid: number) => boolean };
}

/** What somebody holds who wants a refresh. */
export interface Stale {
  readonly credential: Credential;
  /** The provider has already refused its access token (HTTP 401). */
  readonly rejected: boolean;
  /** Somebody waits for the outcome; otherwise the token is still valid. */
  readonly urgent: boolean;
  /** A person asks for it: the server is asked once more, also where it has refused this generation. */
  readonly evenIfRefused?: boolean;
}

export interface Refreshed {
  readonly credential: Credential;
  /** Whether MiniMax issued it just now, or another process had stored it. */
  readonly how: "refreshed" | "adopted";
  /** Set when the keychain refused the new record: it lives in this process only. */
  readonly unsaved?: AuthError;
}
