import { fileURLToPath } from "node:url";
import {
  installSecretServiceCommand,
  missingSecretServiceCommands,
  type SecretService,
} from "../../fixtures/secret-service/start.ts";
import type { KeychainOptions, StoreName } from "../../src/keychain/index.ts";

export const CHILD_PATH = fileURLToPath(new URL("../../src/keychain/child.ts", import.meta.url));

/** The stores that a native binding serves. */
export const BINDINGS: readonly StoreName[] = ["keytar", "secret-service"];

/** Test options: without the Debian programs these tests are skipped, except on CI, where they fail. */
export const NEEDS_SERVICE = {
  skip:
    missingSecretServiceCommands().length > 0 && process.env.CI === undefined
      ? `needs a real Secret Service: ${installSecretServiceCommand()}`
      : false,
};

/** Options of a keychain that meets this service and no other. */
export function optionsFor({ env, directory }: Pick<SecretService, "env" | "directory">): KeychainOptions {
  return {
    childPath: CHILD_PATH,
    env: { PATH: process.env.PATH, ...env },
    directory,
    defaultDeadlineMs: 20_000,
  };
}
