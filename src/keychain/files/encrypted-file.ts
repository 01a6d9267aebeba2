import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAuthError } from "../../base/error.ts";
import { reveal, Secret } from "../../base/secret.ts";
import {
  CREDENTIAL_NAME,
  checkAccount,
  checkValue,
  keychainError,
  keyMissing,
  PASSPHRASE_VARIABLE,
  storeKeyWrong,
} from "../errors.ts";
import { type Keychain, type KeychainOptions, SERVICE } from "../keychain.ts";
import type { ChildRequest } from "../os/protocol.ts";
import { readPrivateFile, removePrivateFile, replacePrivateFile } from "./private-file.ts";
import { deriveKey, newSalt, openSealed, parseSealed, seal } from "./sealed.ts";

const STORE = "encrypted-file";

/**
 * The opt-in store for machines without a keychain: one AES-256-GCM file per account, 0600 in a 0700
 * directory, replaced atomically. Its key comes from `$CREDENTIALS_DIRECTORY/openclaw-minimax-keychain`
 * (systemd) or `OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE`, through scrypt.
 *
 * Beside the codes of every keychain it throws `store_key_missing`, `store_file_unsafe` (others can read
 * or swap the file) and `store_key_wrong` (another key, or a changed file); the file then stays as it is.
 */
export function encryptedFileKeychain({
  env,
  directory,
}: Pick<KeychainOptions, "env" | "directory">): Keychain {
  const pathOf = (account: string) => join(directory, fileNameOf(account));

  const keyFor = rememberingKeys();

  /** The passphrase, and the stored value with the salt of its key. */
  const open = async (account: string) => {
    const path = pathOf(account);
    const passphrase = await readKey(env);
    const bytes = await readPrivateFile(path);
    if (bytes === undefined) return { passphrase, stored: undefined };
    if (passphrase === undefined) throw keyMissing();
    const sealed = parseSealed(bytes);
    const value = sealed && openSealed(sealed, await keyFor(passphrase, sealed.salt), bindingOf(account));
    if (sealed === undefined || value === undefined) throw storeKeyWrong(path);
    return { passphrase, stored: { value, salt: sealed.salt } };
  };

  return {
    store: STORE,
    async get(account, call) {
      call?.signal?.throwIfAborted();
      checkAccount(STORE, "get", account);
      return guarded("get", async () => (await open(account)).stored?.value);
    },
    async set(account, value, call) {
      call?.signal?.throwIfAborted();
      checkAccount(STORE, "set", account);
      checkValue(STORE, value);
      await guarded("set", async () => {
        // Also a check: a file that this key does not open is not overwritten.
        const { passphrase, stored } = await open(account);
        if (passphrase === undefined) throw keyMissing();
        const salt = stored?.salt ?? newSalt();
        const bytes = seal(value, await keyFor(passphrase, salt), salt, bindingOf(account));
        await replacePrivateFile(pathOf(account), bytes);
      });
    },
    async delete(account, call) {
      call?.signal?.throwIfAborted();
      checkAccount(STORE, "delete", account);
      return guarded("delete", () => removePrivateFile(pathOf(account)));
    },
  };
}

/** {@link deriveKey}, at most once for each passphrase and salt. */
function rememberingKeys(): typeof deriveKey {
  const known = new Map<string, Promise<Buffer>>();
  return (passphrase, salt) => {
    const name = `${salt.toString("hex")} ${reveal(passphrase)}`;
    const key = known.get(name) ?? deriveKey(passphrase, salt);
    known.set(name, key);
    return key;
  };
}

// A hash, because an account's name may hold anything that a file's name may not.
function fileNameOf(account: string): string {
  return `account-${createHash("sha256").update(bindingOf(account)).digest("hex").slice(0, 32)}.json`;
}

/** What ties a file to its account, so that one account's file cannot be put in the place of another's. */
const bindingOf = (account: string): string => `${SERVICE}\0encrypted-file v1\0${account}`;

async function guarded<T>(operation: ChildRequest["operation"], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAuthError(error) || !(error instanceof Error && "code" in error)) throw error;
    throw keychainError({ code: "keychain_refused", store: STORE, operation, detail: String(error.code) });
  }
}

/**
 * What the encrypted file's key is derived from: the systemd credential if there is one, otherwise the
 * passphrase variable; undefined if neither is there or it is empty. A final line break does not count.
 */
export async function readKey(env: NodeJS.ProcessEnv): Promise<Secret | undefined> {
  const text = (await readCredential(env.CREDENTIALS_DIRECTORY)) ?? env[PASSPHRASE_VARIABLE];
  const key = text?.replace(/\r?\n$/, "");
  return key === undefined || key === "" ? undefined : new Secret(key);
}

async function readCredential(directory: string | undefined): Promise<string | undefined> {
  if (directory === undefined || directory === "") return undefined;
  try {
    // latin1 maps every byte to one character, so a key of random bytes keeps all of them.
    return await readFile(join(directory, CREDENTIAL_NAME), "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
