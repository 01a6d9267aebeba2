import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  type ApiKeys,
  AuthError,
  createApiKeys,
  isAuthError,
  Secret,
  userStateDirectory,
  writeKeyCommand,
} from "../../../src/index.ts";
import type { Patch } from "../presets/json5-edit.ts";
import type { Runtime } from "../runtime.ts";
import { askHidden } from "./hidden-prompt.ts";

/** What the child that the host starts for the key may see of the environment; it has nothing else. */
const PASSED =
  process.platform === "win32"
    ? ["PATH", "SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP"]
    : [
        ...["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "DBUS_SESSION_BUS_ADDRESS"],
        ...["XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LD_LIBRARY_PATH"],
        ...["CREDENTIALS_DIRECTORY", "OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE"],
      ];
/** A keychain may take its time when the machine has just started. */
const TIMEOUT_MS = 15_000;

export function apiKeys({ rootDir, config }: Runtime): ApiKeys {
  return createApiKeys({
    keychainChild: join(rootDir, "dist", "keychain-child.cjs"),
    stateDirectory: userStateDirectory(process.env, process.platform),
    env: process.env,
    ...(config.tokenStore ? { tokenStore: config.tokenStore } : {}),
  });
}

/** `secrets.providers[…]`: how the host gets the key out of the keychain. */
export async function keySource({ rootDir }: Runtime): Promise<Patch> {
  const resolver = join(rootDir, "dist", "api-key-resolver.cjs");
  const common = { passEnv: PASSED, timeoutMs: TIMEOUT_MS };
  if (process.platform === "win32") {
    return { source: "exec", command: process.execPath, args: [resolver], ...common };
  }
  const directory = userStateDirectory(process.env, process.platform);
  const command = await writeKeyCommand(directory, { node: process.execPath, resolver });
  return { source: "exec", command, ...common };
}

/** @returns the exit code */
export async function key(runtime: Runtime, action: string): Promise<number> {
  try {
    switch (action) {
      case "set":
        return await set(runtime);
      case "status":
        return await status(runtime);
      case "delete":
        return await remove(runtime);
      default:
        throw unknownAction(action);
    }
  } catch (error) {
    if (!isAuthError(error)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function set(runtime: Runtime): Promise<number> {
  const given = process.stdin.isTTY
    ? await askHidden("MiniMax API key (not shown): ")
    : await text(process.stdin);
  const store = await apiKeys(runtime).save(new Secret(given));
  await keySource(runtime);
  console.log(`The API key is in ${store === "encrypted-file" ? "an encrypted file" : "the OS keychain"}.`);
  console.log("To use it: openclaw minimax-portal preset api-key");
  console.log("If a gateway is running, it takes a new key over with: openclaw secrets reload");
  return 0;
}

async function status(runtime: Runtime): Promise<number> {
  const store = await apiKeys(runtime).storedIn();
  console.log(
    store
      ? `An API key is stored (${store}).`
      : "No API key is stored. Store one: openclaw minimax-portal key set",
  );
  return store ? 0 : 1;
}

async function remove(runtime: Runtime): Promise<number> {
  const removed = await apiKeys(runtime).remove();
  console.log(
    removed ? "The API key was deleted from the keychain." : "The keychain has no API key, or it is locked.",
  );
  return removed ? 0 : 1;
}

function unknownAction(action: string): AuthError {
  return new AuthError("config_invalid", {
    what: `"key ${action}" is not known.`,
    kept: "Nothing was changed.",
    next: "It is one of: `openclaw minimax-portal key set`, `key status`, `key delete`.",
  });
}
