import {
  installSecretServiceCommand,
  missingSecretServiceCommands,
} from "../../fixtures/secret-service/start.ts";

/** Test options: without the Debian programs these tests are skipped, except on CI, where they fail. */
export const NEEDS_SERVICE = {
  skip:
    missingSecretServiceCommands().length > 0 && process.env.CI === undefined
      ? `needs a real Secret Service: ${installSecretServiceCommand()}`
      : false,
};
