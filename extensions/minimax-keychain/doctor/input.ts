import type { Auth, KeyCommand } from "../../../src/index.ts";
import type { PlainLoginSource } from "../import/sources.ts";

/** Everything that the checks look at. */
export interface DoctorInput {
  readonly hostVersion: string | undefined;
  /** The whole config, whatever is in it. */
  readonly config: unknown;
  readonly pluginConfig: unknown;
  readonly rootDir: string;
  readonly account: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  readonly stateDirectory: string;
  readonly exists: (path: string) => boolean;
  /** The permission bits of a file or folder; undefined where there is none, or on Windows. */
  readonly modeOf: (path: string) => number | undefined;
  readonly auth: Pick<Auth, "status" | "stored" | "usage" | "askModel" | "probe">;
  /** Whether `key set` has stored an API key; asks no keychain. */
  readonly keyStored: () => Promise<boolean>;
  /** The first file that is gone of those that OpenClaw needs to get the key. */
  readonly missingOf: (command: KeyCommand) => Promise<string | undefined>;
  /** The commands that delete the API keys for `minimax` from OpenClaw's own store. */
  readonly coreKeys: () => Promise<readonly string[]>;
  readonly sources: readonly PlainLoginSource[];
  readonly online: boolean;
}
