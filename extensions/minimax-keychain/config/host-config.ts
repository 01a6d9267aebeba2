import { isDeepStrictEqual } from "node:util";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { AuthError, quotable } from "../../../src/index.ts";

/**
 * What the person's config file holds before the host resolves includes and defaults, or undefined
 * without a file. Loaded at need: only a sign-in asks.
 */
export async function authoredConfig(): Promise<unknown> {
  const snapshot = await hostSnapshot();
  return snapshot.exists ? snapshot.parsed : undefined;
}

/** The host's own view of the config file, or of another one that lies in the same folder. */
export async function hostSnapshot(path?: string) {
  const { readConfigFileSnapshotForWrite } = await import("openclaw/plugin-sdk/config-mutation");
  if (path === undefined) return (await readConfigFileSnapshotForWrite()).snapshot;
  // The host takes the path from the environment only.
  const before = process.env.OPENCLAW_CONFIG_PATH;
  process.env.OPENCLAW_CONFIG_PATH = path;
  try {
    return (await readConfigFileSnapshotForWrite({ observe: false })).snapshot;
  } finally {
    if (before === undefined) delete process.env.OPENCLAW_CONFIG_PATH;
    else process.env.OPENCLAW_CONFIG_PATH = before;
  }
}

/**
 * Changes the person's config through the host's own writer, which keeps a backup and refuses what is not
 * valid. Nothing is written where `change` changes nothing.
 * @returns whether something was written
 * @throws AuthError `config_not_written`
 */
export async function changeConfig(change: (config: OpenClawConfig) => OpenClawConfig): Promise<boolean> {
  try {
    return await write(change);
  } catch (error) {
    const why = quotable(error instanceof Error ? error.message : String(error), 160);
    throw new AuthError("config_not_written", {
      what: `OpenClaw's config could not be changed (${why}).`,
      kept: "The config is as it was; what was done before it, in the keychain, is done.",
      next: "Repair it with `openclaw doctor`, then run the command again.",
    });
  }
}

async function write(change: (config: OpenClawConfig) => OpenClawConfig): Promise<boolean> {
  const { mutateConfigFile, readConfigFileSnapshotForWrite } = await import(
    "openclaw/plugin-sdk/config-mutation"
  );
  const { snapshot } = await readConfigFileSnapshotForWrite();
  if (isDeepStrictEqual(change(snapshot.sourceConfig), snapshot.sourceConfig)) return false;
  await mutateConfigFile({
    base: "source",
    // Signing out takes more than half of a small config away, which the host else takes for an accident.
    writeOptions: { allowConfigSizeDrop: true },
    mutate(draft) {
      const next = change(structuredClone(draft));
      for (const key of Object.keys(draft)) delete (draft as Record<string, unknown>)[key];
      Object.assign(draft, next);
    },
  });
  return true;
}
