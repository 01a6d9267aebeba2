import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuthOptions } from "../accounts/options.ts";
import { AuthError } from "../base/error.ts";
import { reveal, Secret } from "../base/secret.ts";
import {
  chooseKeychain,
  holdSameItems,
  isStoreName,
  openKeychain,
  type StoreName,
} from "../keychain/index.ts";
import { ATTENDED } from "../keychain/keychain.ts";

/** No sign-in can have this name: an account's has no colon. */
const ITEM = "api-key:minimax";

const POINTER = "api-key.json";

/** MiniMax's API key, for those who pay by use instead of a coding plan: kept in the OS keychain. */
export interface ApiKeys {
  /** @throws AuthError `usage_wrong` for what is no key, or when no keychain takes it */
  save(key: Secret): Promise<StoreName>;
  /** @throws AuthError when the keychain is locked or silent */
  read(): Promise<Secret | undefined>;
  /** @returns whether there was one */
  remove(): Promise<boolean>;
  /** Which store holds it, without asking that store; undefined when none was saved. */
  storedIn(): Promise<StoreName | undefined>;
}

export type ApiKeyOptions = Pick<AuthOptions, "keychainChild" | "stateDirectory" | "env" | "tokenStore">;

export function createApiKeys(options: ApiKeyOptions): ApiKeys {
  const { stateDirectory, tokenStore = "auto" } = options;
  const keychain = { childPath: options.keychainChild, env: options.env, directory: stateDirectory };
  const pointer = join(stateDirectory, POINTER);

  const storedIn = async (): Promise<StoreName | undefined> => {
    const text = await readFile(pointer, "utf8").catch(() => "");
    const store = /"store":"([a-z-]+)"/.exec(text)?.[1];
    return isStoreName(store) ? store : undefined;
  };

  return {
    storedIn,
    async save(key) {
      const text = checkedKey(key);
      const chosen = await chooseKeychain(tokenStore, keychain, ATTENDED);
      await chosen.set(ITEM, text, ATTENDED);
      const before = await storedIn();
      await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
      await writeFile(`${pointer}.new`, JSON.stringify({ store: chosen.store }), { mode: 0o600 });
      await rename(`${pointer}.new`, pointer);
      if (before !== undefined && !holdSameItems(before, chosen.store)) {
        await openKeychain(before, keychain)
          .delete(ITEM, ATTENDED)
          .catch(() => false);
      }
      return chosen.store;
    },
    async read() {
      const store = await storedIn();
      const text = store && (await openKeychain(store, keychain).get(ITEM));
      return text === undefined ? undefined : new Secret(text);
    },
    async remove() {
      const store = await storedIn();
      const removed = store !== undefined && (await openKeychain(store, keychain).delete(ITEM, ATTENDED));
      await rm(pointer, { force: true });
      return removed;
    },
  };
}

function checkedKey(key: Secret): string {
  const text = reveal(key).trim();
  // What a paste can bring along: an empty line, a whole sentence, two lines.
  if (/^[\x21-\x7e]{8,4096}$/.test(text)) return text;
  throw new AuthError("usage_wrong", {
    what:
      text === ""
        ? "No API key was given."
        : "That is no API key: a key is one word of at least eight letters, digits and signs.",
    kept: "Nothing was changed.",
    next: "Copy the key from MiniMax's page and run `openclaw minimax-portal key set` again.",
  });
}
/** What stands in OpenClaw's config in place of the API key, and what the host asks the provider for. */
export const API_KEY_REF = { source: "exec", provider: "minimax-keychain", id: "minimax-api-key" } as const;
