import { join } from "node:path";
import {
  installSecretServiceCommand,
  missingSecretServiceCommands,
  type Provider,
  type SecretService,
} from "../../fixtures/secret-service/start.ts";
import type { KeychainOptions, StoreName } from "../../src/keychain/index.ts";

/** As it is shipped: what Node needs to strip types from the source is many times a call's own time. */
export const CHILD_PATH = join(import.meta.dirname, "../../dist/keychain-child.cjs");

/** The stores that a native binding serves. */
export const BINDINGS: readonly StoreName[] = ["keytar", "secret-service"];

export const PROVIDERS: readonly Provider[] = ["gnome-keyring", "keepassxc"];

/**
 * Test options: without the Debian programs a test is skipped, except on CI, where it fails.
 * @param provider without one, gnome-keyring and no screen
 */
export function needs(provider: Provider = "gnome-keyring", screen = provider === "keepassxc") {
  const lacking = missingSecretServiceCommands({ provider, screen }).length > 0;
  return {
    skip:
      lacking && process.env.CI === undefined
        ? `needs a real Secret Service: ${installSecretServiceCommand()}`
        : false,
  };
}

export const NEEDS_SERVICE = needs();

/** Options of a keychain that meets this service and no other. */
export function optionsFor({ env, directory }: Pick<SecretService, "env" | "directory">): KeychainOptions {
  return {
    childPath: CHILD_PATH,
    env: { PATH: process.env.PATH, ...env },
    directory,
    defaultDeadlineMs: 20_000,
  };
}
