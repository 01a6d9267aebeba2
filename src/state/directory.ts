import { homedir } from "node:os";
import { join } from "node:path";

const NAME = "openclaw-minimax-keychain";

/**
 * The folder for the plugin's state. It is the user's and not OpenClaw's, so that several OpenClaw
 * instances of one user share one sign-in.
 */
export function userStateDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env.HOME || homedir();
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), NAME);
  if (platform === "darwin") return join(home, "Library", "Application Support", NAME);
  return join(env.XDG_STATE_HOME || join(home, ".local", "state"), NAME);
}
