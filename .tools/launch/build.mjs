import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { announce, runQuietly } from "./run.mjs";

/**
 * Builds dist/ unless it is as new as its sources.
 * @param {string} root
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 */
export async function ensureBuild(root, node, env) {
  if (isBuilt(root)) return;
  await withLock(join(root, ".cache"), async () => {
    if (isBuilt(root)) return;
    await announce("Building dist", () =>
      runQuietly(node, [join(root, ".tools/build.ts")], { cwd: root, env }, "dist could not be built."),
    );
  });
}

const SOURCES = ["src", "extensions", ".tools/build", ".tools/build.ts", "package.json", "package-lock.json"];
const STAMP = ".cache/built-from";

/** @param {string} root */
export function isBuilt(root) {
  const stamp = join(root, STAMP);
  if (!existsSync(join(root, "dist/index.js")) || !existsSync(stamp)) return false;
  return readFileSync(stamp, "utf8") === fingerprint(root);
}

/**
 * Notes what dist/ was built from.
 * @param {string} root
 * @param {string} sources the fingerprint taken before the build began
 */
export function markBuilt(root, sources) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(join(root, STAMP), sources);
}

/**
 * One hash over the names and contents of everything a build depends on.
 * @param {string} root
 */
export function fingerprint(root) {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap((source) => filesBelow(root, source))) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** @param {string} root @param {string} path @returns {string[]} */
function filesBelow(root, path) {
  try {
    const names = readdirSync(join(root, path)).sort();
    return names.flatMap((name) => filesBelow(root, `${path}/${name}`));
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOTDIR") return [path];
    if (code === "ENOENT") return [];
    throw error;
  }
}
