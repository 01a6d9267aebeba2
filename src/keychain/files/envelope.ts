import { createHash, randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AuthError, SIGN_IN_COMMAND } from "../../base/error.ts";
import { SERVICE } from "../keychain.ts";
import type { StoreName } from "../stores.ts";
import { readPrivateFile, removePrivateFile, replacePrivateFile } from "./private-file.ts";
import { openSealed, parseSealed, seal } from "./sealed.ts";

const PREFIX = "openclaw-minimax-keychain envelope 1";
const KEY_TEXT = new RegExp(`^${PREFIX} ([0-9a-f]{32}) ([A-Za-z0-9_-]{43})$`);
// The key is random and new for each file, so there is nothing to salt.
const NO_SALT = Buffer.alloc(0);

export interface Envelope {
  readonly id: string;
  /** What opens it: to be kept in the keychain. 108 characters. */
  readonly keyText: string;
  remove(): Promise<unknown>;
}

export interface Envelopes {
  write(account: string, value: string): Promise<Envelope>;
  /**
   * The value that `keyText` opens; undefined if the file is gone and `mayBeReplaced` says that another
   * process may just have replaced it. Throws `record_invalid` when it is gone for good, or was changed.
   */
  read(account: string, keyText: string, how: { mayBeReplaced: boolean }): Promise<string | undefined>;
  /** Removes the account's files but the one named, as far as that can be done. */
  removeOthers(account: string, id?: string): Promise<void>;
}

/** Whether a keychain item is the key of an envelope, and not a value itself. */
export function isKeyText(text: string): boolean {
  return KEY_TEXT.test(text);
}

/** AES-256-GCM files in `directory`, each with a random key of its own that lies elsewhere. */
export function createEnvelopes(store: StoreName, directory: string): Envelopes {
  const prefixOf = (account: string) => {
    const hash = createHash("sha256").update(`${SERVICE}\0envelope v1\0${store}\0${account}`);
    return `envelope-${hash.digest("hex").slice(0, 32)}-`;
  };
  const pathOf = (account: string, id: string) => join(directory, `${prefixOf(account)}${id}.json`);
  const bindingOf = (account: string, id: string) => `${SERVICE}\0envelope v1\0${store}\0${account}\0${id}`;

  return {
    async write(account, value) {
      const id = randomBytes(16).toString("hex");
      const key = randomBytes(32);
      const path = pathOf(account, id);
      await replacePrivateFile(path, seal(value, key, NO_SALT, bindingOf(account, id)));
      const keyText = `${PREFIX} ${id} ${key.toString("base64url")}`;
      return { id, keyText, remove: () => removePrivateFile(path) };
    },

    async read(account, keyText, { mayBeReplaced }) {
      const [, id = "", key = ""] = KEY_TEXT.exec(keyText) ?? [];
      const path = pathOf(account, id);
      const bytes = await readPrivateFile(path);
      if (bytes === undefined && mayBeReplaced) return undefined;
      const sealed = bytes && parseSealed(bytes, NO_SALT.length);
      const opened = sealed && openSealed(sealed, Buffer.from(key, "base64url"), bindingOf(account, id));
      if (opened === undefined) throw halfLost(path, bytes === undefined ? "is gone" : "was changed");
      return opened;
    },

    async removeOthers(account, id) {
      const prefix = prefixOf(account);
      const kept = id === undefined ? undefined : `${prefix}${id}.json`;
      const names = await readdir(directory).catch(() => []);
      for (const name of names) {
        // Left over, they are of no use to anybody: their keys are gone.
        if (name.startsWith(prefix) && name !== kept)
          await rm(join(directory, name), { force: true }).catch(() => {});
      }
    },
  };
}

function halfLost(path: string, fault: string): AuthError {
  return new AuthError("record_invalid", {
    what: `The sign-in is too large for one keychain item, and the file with its other half ${fault}: ${path}.`,
    kept: "The keychain item was left as it is.",
    next: `Put the file back, or sign in again: ${SIGN_IN_COMMAND}`,
  });
}
