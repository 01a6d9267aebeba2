import { randomBytes } from "node:crypto";
import { AuthError, type ErrorCode, isAuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import { type KeychainCode, keychainError, nextAfter } from "./errors.ts";
import { encryptedFileKeychain } from "./files/encrypted-file.ts";
import type { CallOptions, Keychain, KeychainOptions } from "./keychain.ts";
import { withLargeValues } from "./large-values.ts";
import { osKeychain } from "./os/os-keychain.ts";
import { type StoreName, storesOf, type TokenStore } from "./stores.ts";

const CLEAN_UP_WITHIN_MS = 2000;

/**
 * Finds a store at sign-in and proves it with {@link proveKeychain}. `auto` tries keytar,
 * then the pinned Secret Service; the encrypted file is used only when named. The deadline of
 * `call` holds for each single keychain call.
 *
 * Throws the AuthError of the store that failed, naming every store that was tried and why; `auto` goes
 * on to the next store unless the keychain is there but locked or silent, which the next would meet too.
 */
export async function chooseKeychain(
  wanted: TokenStore,
  options: KeychainOptions,
  call: CallOptions = {},
): Promise<Keychain> {
  const failures: AuthError[] = [];
  for (const store of storesOf(wanted)) {
    const keychain = openKeychain(store, options);
    try {
      await proveKeychain(keychain, call);
      return keychain;
    } catch (error) {
      if (call.signal?.aborted || !isAuthError(error)) throw error;
      failures.push(error);
      if (isAuthError(error, "keychain_locked", "keychain_timed_out")) break;
    }
  }
  throw withAllReasons(failures);
}

/**
 * Throws the AuthError of a store that cannot write, read, replace and delete an item. While it is written
 * and read for the first time a person may answer a prompt; then it must do without one, as for a refresh.
 */
export async function proveKeychain(keychain: Keychain, call: CallOptions = {}): Promise<void> {
  // A name of its own: two sign-ins at once must not read or delete each other's canary.
  const account = `canary-${randomBytes(6).toString("hex")}`;
  const unattended: CallOptions = call.signal ? { signal: call.signal } : {};
  let written = false;
  try {
    await keychain.set(account, account, call);
    written = true;
    await expectValue(keychain, account, account, call);
    const replacement = `${account}-replaced`;
    await withoutPrompt(keychain, "set", () => keychain.set(account, replacement, unattended));
    await withoutPrompt(keychain, "get", () => expectValue(keychain, account, replacement, unattended));
    if (!(await keychain.delete(account, call))) throw unproven(keychain, "delete", "did not delete");
    written = false;
  } finally {
    // Also when the caller has aborted, hence without its signal.
    if (written) await keychain.delete(account, { deadlineMs: CLEAN_UP_WITHIN_MS }).catch(() => false);
  }
}

async function expectValue(
  keychain: Keychain,
  account: string,
  value: string,
  call: CallOptions,
): Promise<void> {
  if ((await keychain.get(account, call)) !== value) throw unproven(keychain, "get", "did not give back");
}

/** KeePassXC asks whenever libsecret (keytar) replaces an item, and asks each process that reads one. */
async function withoutPrompt(
  { store }: Keychain,
  operation: "get" | "set",
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isAuthError(error, "keychain_timed_out")) throw error;
    const detail =
      operation === "set"
        ? "it asks a person each time a program replaces an item"
        : 'it asks a person each time a program reads an item; in KeePassXC switch off "Confirm when passwords are retrieved by clients"';
    throw keychainError({ code: "keychain_refused", store, operation, detail });
  }
}

function unproven({ store }: Keychain, operation: "get" | "delete", fault: string): AuthError {
  const detail = `it ${fault} the item that was written to try it`;
  return keychainError({ code: "keychain_refused", store, operation, detail });
}

function withAllReasons(failures: readonly AuthError[]): AuthError {
  // The one that says most decides: a keychain that is there comes before one that is not.
  const telling = failures.findLast(({ code }) => code !== "keychain_unavailable") ?? failures[0];
  if (telling === undefined) throw new Error("No store was tried.");
  if (!isOfKeychain(telling.code)) return telling;
  return new AuthError(telling.code, {
    what: failures.map(({ text }) => text.what).join(" "),
    kept: "Sign-in was not begun, and nothing was changed.",
    next: nextAfter(telling.code, process.platform, SIGN_IN_COMMAND),
  });
}

// The encrypted file's own errors (store_...) already end with the sign-in command.
function isOfKeychain(code: ErrorCode): code is KeychainCode {
  return code.startsWith("keychain_");
}

/** The named store, and only that one. Nothing is loaded, read or started before the first call. */
export function openKeychain(store: StoreName, options: KeychainOptions): Keychain {
  const replaced = options.replaceStore?.(store);
  if (replaced) return replaced;
  switch (store) {
    case "keytar":
    case "secret-service":
      return withLargeValues(osKeychain(store, options), options);
    case "encrypted-file":
      return encryptedFileKeychain(options);
  }
}
