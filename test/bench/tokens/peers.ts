import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installLocked } from "../../../.tools/launch/npm.mjs";
import { announce } from "../../../.tools/launch/run.mjs";

const LOCKED = join(import.meta.dirname, "peers");

/** Exact versions of the packages that are measured beside ours. */
export const PEER_VERSIONS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(LOCKED, "package.json"), "utf8"),
).dependencies;

/**
 * The folder with the peers' packages, fetched on the first run only. They are no dependency of ours and
 * `npm ci` does not know them.
 */
export async function fetchPeers(cache: string): Promise<string> {
  const lock = readFileSync(join(LOCKED, "package-lock.json"));
  const folder = join(cache, `bench-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`);
  if (existsSync(join(folder, "load.mjs"))) return folder;
  const names = Object.entries(PEER_VERSIONS).map(([name, version]) => `${name}@${version}`);
  console.error(`Packages to measure against:\n  ${names.join("\n  ")}`);
  const next = `${folder}-${process.pid}`;
  mkdirSync(next, { recursive: true });
  cpSync(LOCKED, next, { recursive: true });
  const advice = "The packages could not be fetched; `npm run bench` needs the network once.";
  const install = { folder: next, node: process.execPath, env: process.env, advice };
  await announce("Fetching them, without their install scripts", () => installLocked(install));
  // An import from this folder finds its packages.
  writeFileSync(join(next, "load.mjs"), "export const load = (name) => import(name);\n");
  rmSync(folder, { recursive: true, force: true });
  renameSync(next, folder);
  return folder;
}
