// Builds what the npm package ships: dist/. With --write-manifest it brings the configuration schema
// in openclaw.plugin.json up to date instead.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bundleChild, bundlePlugin } from "./build/bundle.ts";
import { bundledPackages, licenseNotices } from "./build/licenses.ts";
import { writeManifest } from "./build/manifest.ts";
import { fingerprint, markBuilt } from "./launch/build.mjs";

const root = dirname(import.meta.dirname);

async function build(): Promise<void> {
  const sources = fingerprint(root);
  const bundles = [await bundlePlugin(root), await bundleChild(root)];
  const packages = bundledPackages(
    root,
    bundles.map((bundle) => bundle.metafile),
  );
  const comments = bundles.flatMap((bundle) => bundle.legalComments);
  const files = new Map(bundles.flatMap((bundle) => [...bundle.files]));
  files.set("THIRD-PARTY-LICENSES.txt", Buffer.from(licenseNotices(packages, comments)));
  replaceDist(files);
  markBuilt(root, sources);
  for (const [name, content] of files) console.log(`${kilobytes(content)} KB  dist/${name}`);
}

/** Writes the new dist/ elsewhere and moves it into place, so that nobody finds half a build. */
function replaceDist(files: ReadonlyMap<string, Uint8Array>): void {
  const dist = join(root, "dist");
  const next = join(root, ".cache", `dist-${process.pid}-new`);
  const old = join(root, ".cache", `dist-${process.pid}-old`);
  for (const [name, content] of files) {
    mkdirSync(dirname(join(next, name)), { recursive: true });
    writeFileSync(join(next, name), content);
  }
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
}

function kilobytes(content: Uint8Array): string {
  return (content.length / 1024).toFixed(1).padStart(8);
}

try {
  if (process.argv.includes("--write-manifest")) await writeManifest(root);
  else await build();
} catch (error) {
  // esbuild has already printed what is wrong, with the lines of code.
  console.error(error instanceof Error ? error.message.split("\n", 1)[0] : error);
  process.exitCode = 1;
}
