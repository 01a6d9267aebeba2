// An OpenClaw with the plugin installed, for further ones to be copied from: installing takes one ten seconds of
// the processor's time.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ensureBuild } from "../../.tools/launch/build.mjs";
import { withLock } from "../../.tools/launch/lock.mjs";
import { command, mustSucceed } from "../../fixtures/openclaw/command.ts";
import { packPlugin } from "../../fixtures/openclaw/pack.ts";
import { createHost, type Host } from "../../fixtures/openclaw/throwaway.ts";

const ROOT = dirname(dirname(import.meta.dirname));
const DONE = "done";

/** Gives a new host the plugin, as `plugins install` leaves it where agents have no memory. */
export async function installByCopy(host: Host): Promise<void> {
  const directory = join(runDirectory(), "installed");
  await withLock(directory, () => installOnce(directory), { say: () => {} });
  await copyState(stateOf(directory), dirname(host.configPath));
}

/** What is made once in a run of `npm test`, or once in this process when a test file is run by itself. */
function runDirectory(): string {
  const given = process.env.OPENCLAW_TEST_RUN;
  if (given !== undefined) return given;
  const own = mkdtempSync(join(tmpdir(), "openclaw-test-run-"));
  process.once("exit", () => rmSync(own, { recursive: true, force: true }));
  process.env.OPENCLAW_TEST_RUN = own;
  return own;
}

async function installOnce(directory: string): Promise<void> {
  if (existsSync(join(directory, DONE))) return;
  // Of somebody who was ended in the middle.
  rmSync(stateOf(directory), { recursive: true, force: true });
  const host = createHost({ directory });
  // Before the installation, which makes OpenClaw's index of plugins for the config that it finds.
  mkdirSync(dirname(host.configPath), { recursive: true, mode: 0o700 });
  const config = { plugins: { slots: { memory: "none" } } };
  writeFileSync(host.configPath, JSON.stringify(config), { mode: 0o600 });
  await install(host);
  writeFileSync(join(directory, DONE), "");
}

/** Builds, packs and installs the plugin, as a person would. */
export async function install(host: Host): Promise<void> {
  await ensureBuild(ROOT, process.execPath, process.env);
  const tarball = await packPlugin();
  await host.install(tarball);
  rmSync(dirname(tarball), { recursive: true, force: true });
}

const stateOf = (directory: string) => join(directory, "openclaw");

/** The state has its own place in it, in the config and in the database's texts. */
async function copyState(from: string, to: string): Promise<void> {
  // With the times and modes of the files, which OpenClaw looks at; Node's own copy does not keep the modes.
  mustSucceed("cp", await command("cp", ["--archive", from, to], { env: process.env }));
  const config = join(to, "openclaw.json");
  writeFileSync(config, readFileSync(config, "utf8").replaceAll(from, to), { mode: 0o600 });
  const database = new DatabaseSync(join(to, "state", "openclaw.sqlite"));
  const columns = database.prepare(
    `select t.name as "table", c.name as "column" from sqlite_schema t, pragma_table_info(t.name) c
     where t.type = 'table' and c.type = 'TEXT'`,
  );
  for (const { table, column } of columns.all()) {
    database
      .prepare(`update "${table}" set "${column}" = replace("${column}", ?, ?) where instr("${column}", ?)`)
      .run(from, to, from);
  }
  database.close();
}
