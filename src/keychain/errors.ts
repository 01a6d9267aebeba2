import { AuthError, type ErrorCode, SIGN_IN_COMMAND } from "../base/error.ts";
import { plainText } from "../base/text.ts";
import type { ChildRequest } from "./os/protocol.ts";
import type { StoreName } from "./stores.ts";

type Operation = ChildRequest["operation"];

export type KeychainCode = Extract<
  ErrorCode,
  | "keychain_unavailable"
  | "keychain_locked"
  | "keychain_timed_out"
  | "keychain_refused"
  | "keychain_too_large"
>;

const STATUS_COMMAND = "openclaw minimax-portal status";

const FILE_SETTING = "openclaw config set plugins.entries.minimax-keychain.config.tokenStore encrypted-file";

const FILE_ADVICE = `Choose the encrypted file instead: ${FILE_SETTING}`;

const MOVE_ADVICE =
  "If it happens again, keep the sign-in elsewhere: openclaw minimax-portal move --store encrypted-file";

const TIMED_OUT = /did not receive a reply|noreply|timeout|timed out/i;

const LOCKED = /\blocked\b|dismissed|interaction is not allowed|user cancell?ed/i;

// The service runs but has no keyring yet (keytar, then @napi-rs/keyring): unlocking makes one.
const WITHOUT_KEYRING = /does not exist at path .*\/collection\/\w+\W*$|no result found/i;

// Windows' CredWrite beyond 2560 bytes (keytar), @napi-rs/keyring, a D-Bus daemon's limits.
const TOO_LARGE = /stub received bad data|platform limit|too (long|large|big)\b|limits? ?exceeded/i;

const UNAVAILABLE =
  /autolaunch|could not connect|failed to connect|connection (refused|is closed)|disconnected|not provided by any|serviceunknown|unknown ?method|no such (interface|object)|not supported/i;

/**
 * What a binding's own message means. The bindings give no codes (keytar none, @napi-rs/keyring always
 * "GenericFailure"). The messages are English: the child runs in a locale that sees to it.
 */
export function codeOfMessage(message: string): KeychainCode {
  // First, because it says "the security policy blocked the reply" among the possible causes.
  if (TIMED_OUT.test(message)) return "keychain_timed_out";
  if (TOO_LARGE.test(message)) return "keychain_too_large";
  if (LOCKED.test(message) || WITHOUT_KEYRING.test(message)) return "keychain_locked";
  if (UNAVAILABLE.test(message)) return "keychain_unavailable";
  return "keychain_refused";
}

export interface Failure {
  code: KeychainCode;
  store: StoreName;
  operation: Operation;
  /** The reason in words from outside, already without secrets. */
  detail: string;
  platform?: NodeJS.Platform;
}

/** The error a person reads: what happened, what was kept, the next command. */
export function keychainError({
  code,
  store,
  operation,
  detail,
  platform = process.platform,
}: Failure): AuthError {
  return new AuthError(code, {
    what: `${store} ${findingOf(code)} (${plainText(detail).replace(/\.$/, "")}).`,
    kept: keptAfter(code, operation),
    next: nextAfter(code, platform),
  });
}

function findingOf(code: KeychainCode): string {
  switch (code) {
    case "keychain_unavailable":
      return "found no keychain that it can use";
    case "keychain_locked":
      return "found the keychain locked or not yet set up";
    case "keychain_timed_out":
      return "got no answer from the keychain in time";
    case "keychain_refused":
      return "refused the call";
    case "keychain_too_large":
      return "refused the value as too large";
  }
}

function keptAfter(code: KeychainCode, operation: Operation): string {
  if (operation === "get") return "What it holds was not touched.";
  if (code !== "keychain_timed_out") return "Nothing in it was changed.";
  // A frozen service may carry out what it was asked when it wakes.
  return operation === "set"
    ? "The value may or may not have been saved."
    : "The item may or may not be gone.";
}

/** What to do about it, ending with a command: `command`, unless another store is the only way on. */
export function nextAfter(
  code: KeychainCode,
  platform: NodeJS.Platform = process.platform,
  command = STATUS_COMMAND,
): string {
  switch (code) {
    case "keychain_unavailable":
      return unavailableAdvice(platform);
    case "keychain_locked":
      return `${unlockAdvice(platform)}, then run: ${command}`;
    case "keychain_timed_out":
      return `If it is asking for its password on a screen, answer it; then run: ${command}`;
    case "keychain_refused":
    case "keychain_too_large":
      return command === SIGN_IN_COMMAND ? `${FILE_ADVICE}. Then sign in: ${SIGN_IN_COMMAND}` : MOVE_ADVICE;
  }
}

function unlockAdvice(platform: NodeJS.Platform): string {
  if (platform === "linux")
    return "Log in to the desktop, or on a server run gnome-keyring-daemon --replace --unlock";
  if (platform === "darwin") return "Run security unlock-keychain";
  return "Unlock it";
}

function unavailableAdvice(platform: NodeJS.Platform): string {
  const install = "sudo apt-get install gnome-keyring libsecret-1-0";
  const choices =
    platform === "linux"
      ? `Install one (${install}, or KeePassXC with its Secret Service), or choose the encrypted file: ${FILE_SETTING}`
      : FILE_ADVICE;
  return `${choices}. Then sign in: ${SIGN_IN_COMMAND}`;
}

/** The passphrase of the encrypted file. */
export const PASSPHRASE_VARIABLE = "OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE";

/** The name of the systemd credential that holds it, in `$CREDENTIALS_DIRECTORY`. */
export const CREDENTIAL_NAME = "openclaw-minimax-keychain";

const GIVE_KEY = `Set ${PASSPHRASE_VARIABLE} or the systemd credential ${CREDENTIAL_NAME}`;

export function keyMissing(): AuthError {
  return new AuthError("store_key_missing", {
    what: "The encrypted file has no key: neither a passphrase nor a systemd credential was given.",
    kept: "Nothing was read or changed.",
    next: `${GIVE_KEY} and run the command again; to sign in: ${SIGN_IN_COMMAND}`,
  });
}

export function storeKeyWrong(path: string): AuthError {
  return new AuthError("store_key_wrong", {
    what: `The encrypted file ${path} cannot be opened: the key is another one, or the file was changed.`,
    kept: "The file was left as it is.",
    next: `${GIVE_KEY} as it was when you signed in. If it is lost, delete the file and run: ${SIGN_IN_COMMAND}`,
  });
}

export function fileUnsafe(path: string, fault: string, repair: string): AuthError {
  return new AuthError("store_file_unsafe", {
    what: `${path} is not safe to use: ${fault}.`,
    kept: "Nothing was read or changed.",
    next: `Find out who changed it; then run: ${repair}`,
  });
}

/** Throws `keychain_refused` for a name that no store can hold. */
export function checkAccount(store: StoreName, operation: ChildRequest["operation"], account: string): void {
  const fault = faultOf(account);
  if (fault !== undefined) refuse(store, operation, `the account name ${fault}`);
}

/** Throws `keychain_refused` for a value that some binding would reject, cut off or alter. */
export function checkValue(store: StoreName, value: string): void {
  const fault = faultOf(value);
  if (fault !== undefined) refuse(store, "set", `the value ${fault}`);
}

function faultOf(text: string): string | undefined {
  if (text === "") return "is empty";
  if (text.includes("\0")) return "contains a NUL character";
  return text.isWellFormed() ? undefined : "is not well-formed Unicode";
}

function refuse(store: StoreName, operation: ChildRequest["operation"], detail: string): never {
  throw keychainError({ code: "keychain_refused", store, operation, detail });
}
