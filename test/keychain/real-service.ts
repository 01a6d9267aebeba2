import { fileURLToPath } from "node:url";
import type { SecretService } from "../../fixtures/secret-service/start.ts";
import type { KeychainOptions, StoreName } from "../../src/keychain/index.ts";

export { NEEDS_SERVICE } from "../support/needs-secret-service.ts";

export const CHILD_PATH = fileURLToPath(new URL("../../src/keychain/child.ts", import.meta.url));

/** The stores that a native binding serves. */
export const BINDINGS: readonly StoreName[] = ["keytar", "secret-service"];

/** Options of a keychain that meets this service and no other. */
export function optionsFor({ env, directory }: Pick<SecretService, "env" | "directory">): KeychainOptions {
  return {
    childPath: CHILD_PATH,
    env: { PATH: process.env.PATH, ...env },
    directory,
    defaultDeadlineMs: 20_000,
  };
}
