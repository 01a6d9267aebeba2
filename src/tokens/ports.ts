import type { Secret } from "../safety/secret.ts";
import type { Credential } from "./credential.ts";

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
export type RefreshGrant = (credential: Credential, signal?: AbortSignal) => Promise<IssuedTokens>;

/** The credential's one home. */
export interface CredentialStore {
  /** @returns undefined when the keychain has no item, or (keytar) hides it because it is locked */
  read(account: string): Promise<Credential | undefined>;
  write(credential: Credential): Promise<void>;
  /** @returns whether an item was deleted; keytar also says false when the keychain is locked */
  delete(account: string): Promise<boolean>;
}

/** What is known of an account without asking the keychain; holds no secret. */
export interface AccountState {
  readonly account: string;
  /** Which keychain binding holds the item; later reads use only that one. */
  readonly store: string;
  readonly region: string;
  readonly generationId: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** The generation that the server refused for good, if one was. */
  readonly quarantined?: string;
  /** The generation whose refresh began and has no outcome yet. */
  readonly intent?: string;
}

export interface StateFile {
  get(account: string): AccountState | undefined;
  /** Records a sign-in or refresh; clears quarantine and intent. */
  put(state: Pick<AccountState, "account" | "store" | "region" | "generationId" | "expiresAt">): void;
  /** Names another store for the sign-in; everything else stays. */
  moveTo(account: string, store: string): void;
  setIntent(account: string, generation: string | undefined): void;
  quarantine(account: string, generation: string): void;
  delete(account: string): void;
  close(): void;
}

/** Runs `work` while no other process runs work for the same account. */
export type AccountLock = <T>(account: string, work: () => Promise<T>) => Promise<T>;
