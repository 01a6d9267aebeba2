import * as z from "zod";
import { AuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import { reveal, Secret } from "../base/secret.ts";
import { parseJson } from "../base/text.ts";
import type { Credential } from "./credential.ts";
import type { CredentialStore } from "./types.ts";

/** A keychain, as far as a credential needs one. */
export interface Items {
  get(account: string): Promise<string | undefined>;
  set(account: string, value: string): Promise<void>;
  delete(account: string): Promise<boolean>;
}

/** Credentials as keychain items. */
export function createCredentialStore(items: Items): CredentialStore {
  return {
    async read(account) {
      const text = await items.get(account);
      return text === undefined ? undefined : decodeRecord(text, account);
    },
    write: (credential) => items.set(credential.account, encodeRecord(credential)),
    delete: (account) => items.delete(account),
  };
}

/**
 * The same, where an item is known to exist: nothing found then means locked or removed by somebody
 * else, never "signed out" (keytar answers `null` for a locked keychain).
 */
export function expectItem(store: CredentialStore): CredentialStore {
  return {
    ...store,
    async read(account) {
      const credential = await store.read(account);
      if (credential) return credential;
      throw new AuthError("keychain_item_missing", {
        what: `The keychain does not hand out the sign-in of account "${account}": it is locked, or the item was removed.`,
        kept: "Nothing was changed.",
        next: `Unlock the keychain and try again, or sign in again: \`${SIGN_IN_COMMAND}\`.`,
      });
    },
  };
}

const secret = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

const epochMs = z.number().int().positive();

/** The keychain item's value. A reader refuses versions that it does not know. */
const record = z.object({
  version: z.literal(1),
  account: z.string().min(1),
  region: z.string().min(1),
  accessToken: secret,
  refreshToken: secret,
  expiresAt: epochMs,
  obtainedAt: epochMs,
  signedInAt: epochMs,
  scope: z.string().optional(),
  clientId: z.string().min(1).optional(),
  issuer: z.url().optional(),
  baseUrl: z.url(),
  generation: z.number().int().positive(),
});

/** The keychain item's text. It holds the tokens in clear: it goes to the keychain and nowhere else. */
export function encodeRecord(credential: Credential): string {
  return JSON.stringify({
    version: 1,
    ...credential,
    accessToken: reveal(credential.accessToken),
    refreshToken: reveal(credential.refreshToken),
  });
}

/**
 * The credential in a keychain item's text.
 * @throws AuthError `record_invalid` when it is not ours, newer than this version, or of another account
 */
export function decodeRecord(text: string, account: string): Credential {
  const parsed = record.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.account !== account) {
    throw new AuthError("record_invalid", {
      what: `The keychain item of account "${account}" cannot be read by this version of the plugin.`,
      kept: "The item was left as it is.",
      next: `Update the plugin, or sign in again: \`${SIGN_IN_COMMAND}\`.`,
    });
  }
  const { version: _, scope, clientId, issuer, ...rest } = parsed.data;
  return {
    ...rest,
    ...(scope === undefined ? {} : { scope }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(issuer === undefined ? {} : { issuer }),
  };
}
