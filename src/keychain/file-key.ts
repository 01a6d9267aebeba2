import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "../base/secret.ts";
import { CREDENTIAL_NAME, PASSPHRASE_VARIABLE } from "./file-errors.ts";

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
