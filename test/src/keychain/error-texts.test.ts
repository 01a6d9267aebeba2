import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AuthError, isAuthError, SIGN_IN_COMMAND } from "../../../src/base/error.ts";
import {
  fileUnsafe,
  type KeychainCode,
  keychainError,
  keyMissing,
  nextAfter,
  storeKeyWrong,
} from "../../../src/keychain/errors.ts";
import { openKeychain, type StoreName } from "../../../src/keychain/index.ts";
import { createCredentialStore, expectItem } from "../../../src/tokens/credential-store.ts";

const CODES: readonly KeychainCode[] = [
  "keychain_unavailable",
  "keychain_locked",
  "keychain_timed_out",
  "keychain_refused",
  "keychain_too_large",
];
const PLATFORMS = ["linux", "darwin", "win32"] as const;
const OPERATIONS = ["get", "set", "delete"] as const;
const PATH = "/home/me/.local/state/openclaw-minimax-keychain/account-0123.json";

// Something to paste into a terminal, or to open.
const COMMAND = /(openclaw [a-z][\w .-]*|(rm|ls -ld?|chmod \d+) '[^']+'|https:\/\/\S+)`?\.?$/;

describe("every error of a keychain", () => {
  for (const platform of PLATFORMS) {
    for (const code of CODES) {
      test(`ends with what to run: ${code} on ${platform}`, (t) => {
        for (const operation of OPERATIONS) {
          const error = keychainError({ code, store: "keytar", operation, detail: "why", platform });
          t.diagnostic(error.message);
          assertComplete(error);
        }
        const next = nextAfter(code, platform, SIGN_IN_COMMAND);
        t.diagnostic(`at sign-in: ${next}`);
        assert.match(next, COMMAND);
      });
    }
  }

  const others: [name: string, error: () => AuthError | Promise<AuthError>][] = [
    ["no key for the encrypted file", keyMissing],
    ["another key", () => storeKeyWrong(PATH)],
    ["a link in its place", () => fileUnsafe(PATH, "it is a symbolic link", `rm '${PATH}'`)],
    ["a file of somebody else", () => fileUnsafe(PATH, "it belongs to another user", `ls -l '${PATH}'`)],
    ["a file that others can open", () => fileUnsafe(PATH, "other users can open it", `chmod 600 '${PATH}'`)],
    ["an item that is not there", missingItem],
    ["a value that no store takes", () => refusedValue("keytar")],
    ["a value that the encrypted file does not take", () => refusedValue("encrypted-file")],
  ];
  for (const [name, make] of others) {
    test(`ends with what to run: ${name}`, async (t) => {
      const error = await make();
      t.diagnostic(error.message);
      assertComplete(error);
    });
  }
});

function assertComplete({ text, message, code }: AuthError): void {
  assert.match(text.what, /^[A-Z/a-z].*\.$/, "says what happened");
  assert.match(text.kept ?? "", /\.$/, "says what was kept");
  assert.match(text.next ?? "", COMMAND, "ends with a command or a link");
  assert.ok(message.endsWith(`[${code}]`));
}

async function missingItem(): Promise<AuthError> {
  const items = { get: async () => undefined, set: async () => {}, delete: async () => false };
  return errorOf(expectItem(createCredentialStore(items)).read("default"));
}

async function refusedValue(store: StoreName): Promise<AuthError> {
  const options = { childPath: "unused", env: {}, directory: "unused" };
  return errorOf(openKeychain(store, options).set("default", ""));
}

async function errorOf(work: Promise<unknown>): Promise<AuthError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(isAuthError(error));
  return error;
}
