import { createHash } from "node:crypto";
import { reveal, type Secret } from "../base/secret.ts";

/** One account's sign-in, as it lies in the keychain. */
export interface Credential {
  readonly account: string;
  readonly region: string;
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  /** End of the access token's life, epoch ms. */
  readonly expiresAt: number;
  /** When the access token was issued, epoch ms. */
  readonly obtainedAt: number;
  /** When the person signed in, epoch ms. */
  readonly signedInAt: number;
  readonly scope?: string;
  /** The client that the tokens were issued to, where it is not ours (RFC 6749 §6: they are bound to it). */
  readonly clientId?: string;
  /** Origin of the authorization server; its refresh token goes nowhere else (RFC 9700 §4.4). */
  readonly issuer?: string;
  /** Where requests go (RFC 9700 §2.3: the audience is bound to the credential). */
  readonly baseUrl: string;
  /** 1 for the tokens of a sign-in, one more for each refresh. */
  readonly generation: number;
}

/** Names a generation without telling anything of its tokens: a domain-separated SHA-256. */
export function generationId(credential: Pick<Credential, "refreshToken">): string {
  return createHash("sha256")
    .update("openclaw-minimax-keychain/generation/1\0")
    .update(reveal(credential.refreshToken))
    .digest("base64url");
}

/** Account names become file names and keychain entries, so they stay plain. */
export const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function isSameSignIn(one: Credential, other: Credential): boolean {
  return one.signedInAt === other.signedInAt && one.region === other.region;
}

/** Whether both are the same tokens. The number tells them apart where the server keeps the refresh token. */
export function isSameGeneration(one: Credential, other: Credential): boolean {
  return (
    one.generation === other.generation &&
    isSameSignIn(one, other) &&
    generationId(one) === generationId(other)
  );
}

/** The keychain's credential, unless `held` is a later one of the same sign-in that it refused to take. */
export function latest(stored: Credential | undefined, held: Credential): Credential {
  if (!stored) return held;
  return isSameSignIn(stored, held) && held.generation > stored.generation ? held : stored;
}
