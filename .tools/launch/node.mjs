import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LaunchError } from "./errors.mjs";
import { withLock } from "./lock.mjs";
import { acceptsNode, nodePackage } from "./node-version.mjs";
import { installLocked } from "./npm.mjs";
import { announce } from "./run.mjs";

/** @typedef {import("./node-version.mjs").NodePackage} NodePackage */

/**
 * The path of a Node that OpenClaw accepts: the running one, or one fetched once into `.cache`.
 * @param {string} root
 * @returns {Promise<string>}
 * @throws {LaunchError} when none can be had
 */
export async function ensureNode(root) {
  if (acceptsNode(process.versions.node)) return process.execPath;
  const wanted = nodePackage(process.platform, process.arch);
  if (wanted === undefined) {
    throw new LaunchError(
      `OpenClaw does not run on Node ${process.versions.node}, and npm has no newer Node for ` +
        `${process.platform}-${process.arch}. ${BY_HAND}`,
    );
  }
  const folder = nodeFolder(root, wanted);
  const node = nodeBinary(folder, wanted);
  if (runs(node, wanted)) return node;
  await withLock(join(root, ".cache"), async () => {
    if (runs(node, wanted)) return;
    const what = `Fetching Node ${wanted.version} (OpenClaw needs it; this machine has ${process.versions.node})`;
    await announce(what, () => fetchNode(folder, wanted));
  });
  return node;
}

const BY_HAND = "Install Node 24.16 or later by hand and run the command again.";

/** @param {string} root @param {NodePackage} wanted */
export function nodeFolder(root, wanted) {
  return join(root, ".cache", `${wanted.name}-${wanted.version}`);
}

/** @param {string} folder @param {NodePackage} wanted */
function nodeBinary(folder, wanted) {
  return join(folder, "node_modules", wanted.name, wanted.binary);
}

/** @param {string} node @param {NodePackage} wanted */
function runs(node, wanted) {
  if (!existsSync(node)) return false;
  const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8", timeout: 30_000 });
  return status === 0 && stdout.trim() === `v${wanted.version}`;
}

/**
 * Fills `folder` in one step, by a rename, so that an interrupted fetch is never taken for a whole one.
 * @param {string} folder
 * @param {NodePackage} wanted
 */
async function fetchNode(folder, wanted) {
  const parent = join(folder, "..");
  for (const name of readdirSync(parent).filter((name) => name.endsWith(PART))) remove(join(parent, name));
  const part = `${folder}-${process.pid}${PART}`;
  try {
    mkdirSync(part, { recursive: true });
    for (const [name, content] of Object.entries(lockedProject(wanted))) {
      writeFileSync(join(part, name), JSON.stringify(content));
    }
    const advice = `Node ${wanted.version} could not be fetched from npm. Check the network and npm's registry setting and run the command again. Or: ${BY_HAND}`;
    await installLocked({ folder: part, node: process.execPath, env: process.env, advice });
    if (!runs(nodeBinary(part, wanted), wanted)) {
      throw new LaunchError(
        `The Node ${wanted.version} that npm has does not run on this machine. ${BY_HAND}`,
      );
    }
    remove(folder);
    renameSync(part, folder);
  } finally {
    remove(part);
  }
}

const PART = ".part";

/** @param {string} path */
function remove(path) {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * A project whose lock file pins the one package, so that npm checks its integrity.
 * @param {NodePackage} wanted
 */
export function lockedProject({ name, version, integrity }) {
  const project = { name: "node-for-openclaw", version: "1.0.0", dependencies: { [name]: version } };
  const packages = { "": project, [`node_modules/${name}`]: { version, integrity } };
  return {
    "package.json": { ...project, private: true },
    "package-lock.json": { name: project.name, version: project.version, lockfileVersion: 3, packages },
  };
}
