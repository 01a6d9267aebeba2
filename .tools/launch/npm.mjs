import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runQuietly } from "./run.mjs";

// What of the settings that `npm run` puts into the environment says where to download from, and how.
// Others, such as --omit=dev or --dry-run given to `npm test`, were not meant for the npm started here.
const CONNECTION =
  /^npm_config_(registry|@.+:registry|\/\/.+|_auth.*|(https?_)?proxy|no_?proxy|cafile|ca|cert|key|strict_ssl|userconfig|globalconfig|cache|offline|prefer_o(ff|n)line|fetch_.+|maxsockets|local_address|logs_dir)$/i;

/**
 * The environment for an npm that runs below another npm.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} ownNode the Node that the person's npm belongs to
 * @param {string} platform
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment(env, ownNode, platform) {
  const kept = Object.entries(env).filter(([name]) => !/^npm_config_/i.test(name) || CONNECTION.test(name));
  const binFolder = dirname(ownNode);
  return {
    ...Object.fromEntries(kept),
    // npm looks for the machine's npmrc beside the Node that runs it, which is not the one it was set up for.
    PREFIX: env.PREFIX ?? (platform === "win32" ? binFolder : dirname(binFolder)),
  };
}

/**
 * npm's own script, so that any Node can run it; undefined when only the command `npm` is left to try.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} ownNode
 * @param {(path: string) => boolean} exists
 */
export function npmScript(env, ownNode, exists = existsSync) {
  const binFolder = dirname(ownNode);
  const candidates = [
    env.npm_execpath, // set by npm, but also by other package managers, to themselves
    join(binFolder, "../lib/node_modules/npm/bin/npm-cli.js"),
    join(binFolder, "node_modules/npm/bin/npm-cli.js"),
  ];
  return candidates.find((path) => path !== undefined && basename(path) === "npm-cli.js" && exists(path));
}

/**
 * Runs `npm ci` in a folder that has a lock file. No package's install script is run: nothing here
 * needs one.
 * @param {{ folder: string, node: string, env: NodeJS.ProcessEnv, advice: string }} options
 */
export async function installLocked({ folder, node, env, advice }) {
  const args = [
    ...[
      "ci",
      "--prefix",
      folder,
      "--ignore-scripts",
      "--include=dev",
      "--include=optional",
      "--engine-strict=false",
    ],
    ...["--no-audit", "--no-fund", "--no-update-notifier"],
  ];
  const options = { cwd: folder, env: npmEnvironment(env, process.execPath, process.platform) };
  const script = npmScript(env, process.execPath);
  if (script !== undefined) return runQuietly(node, [script, ...args], options, advice);
  const shell = process.platform === "win32"; // npm is a .cmd file there, which needs one
  return runQuietly("npm", shell ? args.map((arg) => `"${arg}"`) : args, { ...options, shell }, advice);
}
