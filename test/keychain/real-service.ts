import { join } from "node:path";
import type { Provider, SecretService } from "../../fixtures/secret-service/start.ts";
import { CHILD_FILE, type KeychainOptions, type StoreName } from "../../src/keychain/index.ts";

export { NEEDS_SERVICE, needs } from "../support/needs-secret-service.ts";

/** As it is shipped: what Node needs to strip types from the source is many times a call's own time. */
export const CHILD_PATH = join(import.meta.dirname, "../../dist", CHILD_FILE);

/** The stores that a native binding serves. */
export const BINDINGS: readonly StoreName[] = ["keytar", "secret-service"];

export const PROVIDERS: readonly Provider[] = ["gnome-keyring", "keepassxc"];

/** Options of a keychain that meets this service and no other. */
export function optionsFor({ env, directory }: Pick<SecretService, "env" | "directory">): KeychainOptions {
  return {
    childPath: CHILD_PATH,
    env: { PATH: process.env.PATH, ...env },
    directory,
    defaultDeadlineMs: 20_000,
  };
}
