import { join } from "node:path";
import { text } from "node:stream/consumers";
import { isDeepStrictEqual } from "node:util";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import {
  API_KEY_REF,
  type ApiKeys,
  AuthError,
  CHILD_FILE,
  createApiKeys,
  quotable,
  Secret,
  STORES,
  userStateDirectory,
  writeKeyCommand,
} from "../../../src/index.ts";
import { askHidden } from "../cli/ask.ts";
import { type CommandContext, EXIT } from "../cli/command.ts";
import type { Output } from "../cli/output.ts";
import { at, type Patch } from "../config/patch.ts";
import { API_KEY_PROVIDER_ID } from "../names.ts";
import type { Runtime } from "../runtime.ts";

/** Where the key of the encrypted file is found. */
const FILE_KEY = ["CREDENTIALS_DIRECTORY", "OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE"];

/** What the child that the host starts for the key may see of the environment; it has nothing else. */
const PASSED =
  process.platform === "win32"
    ? ["PATH", "SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", ...FILE_KEY]
    : [
        ...["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "DBUS_SESSION_BUS_ADDRESS"],
        ...["XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LD_LIBRARY_PATH"],
        ...FILE_KEY,
      ];

/** A keychain may take its time when the machine has just started. */
const TIMEOUT_MS = 15_000;

export function apiKeys({ rootDir, config }: Runtime): ApiKeys {
  return createApiKeys({
    keychainChild: join(rootDir, "dist", CHILD_FILE),
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

/** @returns the exit code: 0 done; 1 of `status` and `delete`: there is no key */
export async function key({ runtime, config, out }: CommandContext, action: string): Promise<number> {
  switch (action) {
    case "set":
      return await set(runtime, out);
    case "status":
      return await status(runtime, out);
    case "delete":
      return await remove(runtime, config, out);
    default:
      throw unknownAction(action);
  }
}

async function set(runtime: Runtime, out: Output): Promise<number> {
  const given = process.stdin.isTTY
    ? await askHidden("MiniMax API key (not shown while you type or paste it): ")
    : await text(process.stdin);
  if (given === undefined) throw interrupted();
  const store = await apiKeys(runtime).save(new Secret(given));
  await keySource(runtime);
  out.log(`The API key is in ${STORES[store].place}.`);
  out.log("To use it: openclaw minimax-portal preset api-key");
  out.log("A gateway that is running takes a new key over with: openclaw secrets reload");
  return EXIT.done;
}

async function status(runtime: Runtime, out: Output): Promise<number> {
  const store = await apiKeys(runtime).storedIn();
  out.log(
    store
      ? `An API key is stored (${store}).`
      : "No API key is stored. Store one: openclaw minimax-portal key set",
  );
  return store ? EXIT.done : EXIT.failed;
}

async function remove(runtime: Runtime, config: OpenClawConfig, out: Output): Promise<number> {
  const removed = await apiKeys(runtime).remove();
  out.log(
    removed ? "The API key was deleted from the keychain." : "The keychain has no API key, or it is locked.",
  );
  if (asksForKey(config)) {
    out.log("OpenClaw's config still asks for it, and its requests fail until a key is there again.");
    out.log(
      "Store another: openclaw minimax-portal key set. Or take the preset back: openclaw minimax-portal preset --undo",
    );
  }
  return removed ? EXIT.done : EXIT.failed;
}

function interrupted(): AuthError {
  return new AuthError("cancelled", {
    what: "Cancelled: no API key was stored.",
    kept: "Nothing was changed.",
    next: "To give it later: `openclaw minimax-portal key set`.",
  });
}

function unknownAction(action: string): AuthError {
  return new AuthError("usage_wrong", {
    what: `"key ${quotable(action, 40)}" is not known.`,
    kept: "Nothing was changed.",
    next: "It is one of: `openclaw minimax-portal key set`, `key status`, `key delete`.",
  });
}

/** Whether the config takes the API key of `minimax` from here. */
export function asksForKey(config: unknown): boolean {
  return isDeepStrictEqual(at(config, "models", "providers", API_KEY_PROVIDER_ID, "apiKey"), API_KEY_REF);
}
