import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { coreProfiles, isOldLogin } from "./config/core-profiles.ts";

/**
 * What to say after a sign-in of a login that the bundled plugin left in OpenClaw's own store: it stays there
 * in plain text, and OpenClaw may use it before ours.
 */
export async function oldLoginNote(
  config: OpenClawConfig,
  profilesOf: typeof coreProfiles = coreProfiles,
): Promise<string[]> {
  // Nobody loses a sign-in because the host's store could not be read.
  const profiles = await profilesOf(config).catch(() => []);
  return profiles.some(isOldLogin)
    ? [
        "OpenClaw still has an older MiniMax login, in plain text. To delete it: openclaw minimax-portal import --from openclaw --discard",
      ]
    : [];
}
