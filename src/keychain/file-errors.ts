import { AuthError, SIGN_IN_COMMAND } from "../base/error.ts";

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
