import { createHash, randomBytes } from "node:crypto";
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AuthError, quotable } from "../../../src/index.ts";
import { hostSnapshot } from "../config/host-config.ts";

/** OpenClaw's config file as it lies on the disk. */
export interface ConfigFile {
  /** Behind any symbolic link. */
  readonly path: string;
  readonly text: string;
  /** The same as an object, includes and variables as they are written. */
  readonly authored: object;
  /** The same with includes resolved. */
  readonly resolved: unknown;
}

/** @throws AuthError `config_invalid` where the file is missing, broken or not to be written */
export async function readConfigFile(env: NodeJS.ProcessEnv): Promise<ConfigFile> {
  if (env.OPENCLAW_CONFIG_READONLY === "1" || env.OPENCLAW_NIX_MODE === "1") {
    throw configError("OpenClaw's config is managed from outside and must not be written here.");
  }
  const { path, exists, raw, parsed, sourceConfig } = await hostSnapshot();
  if (!exists || typeof raw !== "string")
    throw configError("OpenClaw has no config file yet.", "openclaw onboard");
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw configError("OpenClaw's config file does not hold an object.");
  }
  const real = await realpath(path);
  // Not the host's text: a byte order mark must come back as well.
  const text = await readFile(real, "utf8");
  return { path: real, text, authored: parsed, resolved: sourceConfig };
}

/**
 * Puts a new text in the file's place, once the host has found it valid, with the file's mode.
 * @param expected what the file must still hold
 * @throws AuthError `config_invalid`; the file is then as it was
 */
export async function replaceConfig(path: string, expected: string, text: string): Promise<void> {
  const candidate = join(dirname(path), `.openclaw-${randomBytes(6).toString("hex")}.json`);
  try {
    await writeFile(candidate, text, { mode: 0o600, flag: "wx" });
    await assertValid(candidate);
    if ((await readFile(path, "utf8")) !== expected) {
      throw configError("OpenClaw's config was changed by something else in the meantime.");
    }
    await chmod(candidate, (await stat(path)).mode & 0o777);
    await rename(candidate, path);
  } finally {
    await rm(candidate, { force: true });
  }
}

async function assertValid(candidate: string): Promise<void> {
  const { valid, issues } = await hostSnapshot(candidate);
  if (valid) return;
  const reasons = issues.map(({ path, message }) => `${path}: ${message}`).slice(0, 3);
  throw configError(`OpenClaw finds the changed config invalid: ${quotable(reasons.join("; "))}.`);
}

function configError(what: string, command = "openclaw config validate"): AuthError {
  return new AuthError("config_invalid", {
    what,
    kept: "Nothing was changed.",
    next: `Look at it with \`${command}\`, then try again.`,
  });
}

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
