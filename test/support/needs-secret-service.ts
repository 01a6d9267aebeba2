import {
  installSecretServiceCommand,
  missingSecretServiceCommands,
  type Provider,
} from "../../fixtures/secret-service/start.ts";

/**
 * Test options: without the Debian programs these tests are skipped, except on CI, where they fail.
 * KeePassXC needs a screen as well.
 */
export function needs(provider: Provider, screen = provider === "keepassxc"): { skip: string | false } {
  const lacking = missingSecretServiceCommands({ provider, screen }).length > 0;
  const skip = lacking && process.env.CI === undefined;
  return { skip: skip ? `needs a real Secret Service: ${installSecretServiceCommand()}` : false };
}

export const NEEDS_SERVICE = needs("gnome-keyring");
