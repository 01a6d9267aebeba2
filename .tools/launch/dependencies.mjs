import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { installLocked } from "./npm.mjs";
import { announce } from "./run.mjs";

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional] may be missing, for instance because it is for another platform
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 */
/** @typedef {Record<string, LockedPackage>} LockedPackages by folder; the project itself has the name "" */

/**
 * Installs what package-lock.json asks for, unless it is there.
 * @param {string} root
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env with that Node first in PATH
 */
export async function ensureDependencies(root, node, env) {
  if (isInstalled(root)) return;
  await withLock(join(root, ".cache"), async () => {
    if (isInstalled(root)) return;
    // npm writes its record last, so without it an interrupted install cannot be taken for a whole one.
    rmSync(join(root, INSTALLED), { force: true });
    const advice =
      "The packages of package-lock.json could not be installed. Check the network and npm's registry setting and run the command again.";
    await announce("Installing packages (OpenClaw itself, for the tests and the demonstration)", () =>
      installLocked({ folder: root, node, env, advice }),
    );
  });
}

const INSTALLED = "node_modules/.package-lock.json"; // npm's own record of what it installed

/** @param {string} root */
function isInstalled(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, INSTALLED));
  return wanted !== undefined && installed !== undefined && matches(wanted, installed, process);
}

/** @param {string} path @returns {LockedPackages | undefined} */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether the installed packages are the wanted ones, and made for this platform.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 * @param {{ platform: string, arch: string }} machine
 */
export function matches(wanted, installed, machine) {
  const asked = Object.entries(wanted).filter(([folder]) => folder !== "");
  return (
    asked.every(([folder, { version, integrity, optional }]) => {
      const found = installed[folder];
      return found === undefined
        ? optional === true
        : found.version === version && found.integrity === integrity;
    }) && Object.values(installed).every((found) => isFor(found, machine))
  );
}

/** @param {LockedPackage} found @param {{ platform: string, arch: string }} machine */
function isFor({ os, cpu }, { platform, arch }) {
  return allows(os, platform) && allows(cpu, arch);
}

/** @param {string[] | undefined} list npm's `os` or `cpu`: names, or names to leave out with "!" @param {string} name */
function allows(list, name) {
  if (list === undefined || list.length === 0) return true;
  const excluding = list.every((entry) => entry.startsWith("!"));
  return excluding ? !list.includes(`!${name}`) : list.includes(name);
}
