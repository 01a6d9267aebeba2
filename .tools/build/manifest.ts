import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

/** The command that brings the manifest up to date. */
export const UPDATE_COMMAND = "npm run build -- --write-manifest";

/**
 * The manifest as it should be: its `configSchema` is the JSON Schema of what a person may write, which
 * is the input of the plugin's configuration schema (a field with a default may be left out).
 */
export async function expectedManifest(root: string): Promise<Record<string, unknown>> {
  const { pluginConfigSchema } = await import(
    pathToFileURL(join(root, "extensions/minimax-keychain/plugin-config.ts")).href
  );
  // OpenClaw's own manifests name no JSON Schema version.
  const { $schema: _version, ...configSchema } = z.toJSONSchema(pluginConfigSchema, { io: "input" });
  return { ...readManifest(root), configSchema };
}

export function readManifest(root: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, "openclaw.plugin.json"), "utf8"));
}

/** Brings openclaw.plugin.json up to date, in the project's format. */
export async function writeManifest(root: string): Promise<void> {
  const manifest = await expectedManifest(root);
  writeFileSync(join(root, "openclaw.plugin.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const biome = ["node_modules/@biomejs/biome/bin/biome", "format", "--write", "openclaw.plugin.json"];
  execFileSync(process.execPath, biome, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
