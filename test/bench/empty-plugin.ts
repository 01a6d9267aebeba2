import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packPlugin } from "../../fixtures/openclaw/pack.ts";

const ROOT = dirname(dirname(import.meta.dirname));

const ENTRY = `import { definePluginEntry } from "openclaw/plugin-sdk/plugin-entry";

export default definePluginEntry({
  id: "empty-plugin",
  name: "Empty",
  description: "Registers a command and nothing else",
  register(api) {
    api.registerCli(({ program }) => void program.command("minimax-portal").description("Empty"), {
      commands: ["minimax-portal"],
    });
  },
});
`;

const MANIFEST = {
  id: "empty-plugin",
  activation: { onStartup: true },
  cliCommands: [{ name: "minimax-portal", description: "Empty", hasSubcommands: true }],
  configSchema: { type: "object", additionalProperties: false, properties: {} },
};

/**
 * Packs a plugin that registers the same command as ours and has nothing else: what any plugin costs.
 * @returns the tarball's path
 */
export async function packEmptyPlugin(directory: string): Promise<string> {
  const folder = join(directory, "empty-plugin");
  mkdirSync(join(folder, "dist"), { recursive: true });
  const { openclaw } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const description = { name: "openclaw-empty-plugin", version: "1.0.0", type: "module", openclaw };
  writeFileSync(join(folder, "package.json"), JSON.stringify(description));
  writeFileSync(join(folder, "openclaw.plugin.json"), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, "dist", "index.js"), ENTRY);
  return packPlugin(directory, { cwd: folder });
}
