import { isAuthError } from "../base/error.ts";
import { checkAccount, checkValue, keychainError } from "./errors.ts";
import { createEnvelopes, isKeyText } from "./files/envelope.ts";
import type { Keychain, KeychainOptions } from "./keychain.ts";
import type { StoreName } from "./stores.ts";

/** Windows' CRED_MAX_CREDENTIAL_BLOB_SIZE. keytar writes UTF-8, @napi-rs/keyring UTF-16. */
const WINDOWS_ITEM_BYTES = 2560;
/** Reading meets a writer at most this often before it gives up. */
const ATTEMPTS = 3;

/**
 * The same keychain for values of any size. A value that is too large for one item goes into an encrypted
 * file, and the item holds the file's name and its key, both new with every write.
 *
 * Writing the item is the one moment at which the new value takes the old one's place: a crash before it
 * leaves the old value, a crash after it the new one, and at most a file that nothing can open any more,
 * which the next write removes. Writers of one account must take turns; readers need not.
 */
export function withLargeValues(
  items: Keychain,
  { directory, platform = process.platform }: Pick<KeychainOptions, "directory" | "platform">,
): Keychain {
  const { store } = items;
  const envelopes = createEnvelopes(store, directory);

  const setInEnvelope: Keychain["set"] = async (account, value, call) => {
    const envelope = await withFiles(store, "set", () => envelopes.write(account, value));
    try {
      await items.set(account, envelope.keyText, call);
    } catch (error) {
      // Otherwise the item may have been written, or still may be.
      if (isAuthError(error, "keychain_locked", "keychain_too_large")) await envelope.remove();
      throw error;
    }
    await envelopes.removeOthers(account, envelope.id);
  };

  return {
    store,
    async get(account, call) {
      for (let attempt = 1; ; attempt++) {
        const text = await items.get(account, call);
        if (text === undefined || !isKeyText(text)) return text;
        const how = { mayBeReplaced: attempt < ATTEMPTS };
        const value = await withFiles(store, "get", () => envelopes.read(account, text, how));
        if (value !== undefined) return value;
      }
    },
    async set(account, value, call) {
      checkAccount(store, "set", account);
      checkValue(store, value);
      if (!fitsInItem(value, store, platform) || isKeyText(value)) return setInEnvelope(account, value, call);
      try {
        await items.set(account, value, call);
      } catch (error) {
        if (!isAuthError(error, "keychain_too_large")) throw error;
        return setInEnvelope(account, value, call);
      }
      await envelopes.removeOthers(account);
    },
    async delete(account, call) {
      const deleted = await items.delete(account, call);
      await envelopes.removeOthers(account);
      return deleted;
    },
  };
}

/** The error of a full disk, a folder that cannot be written and the like, as the keychain's own. */
async function withFiles<T>(store: StoreName, operation: "get" | "set", work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAuthError(error) || !(error instanceof Error && "code" in error)) throw error;
    const detail = `the file for a value too large for one item: ${String(error.code)}`;
    throw keychainError({ code: "keychain_refused", store, operation, detail });
  }
}

function fitsInItem(value: string, store: StoreName, platform: NodeJS.Platform): boolean {
  if (platform !== "win32") return true;
  return Buffer.byteLength(value, store === "keytar" ? "utf8" : "utf16le") <= WINDOWS_ITEM_BYTES;
}
