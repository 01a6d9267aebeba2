import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly licenseText: string;
}

/**
 * The npm packages whose code is in the bundles, by name.
 *
 * @throws Error when a package has no licence text: it must not be shipped.
 */
export function bundledPackages(root: string, metafiles: readonly Metafile[]): BundledPackage[] {
  const folders = new Set(
    metafiles
      .flatMap((metafile) => Object.values(metafile.outputs))
      .flatMap((output) => Object.entries(output.inputs))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => packageFolder(path))
      .filter((folder) => folder !== undefined),
  );
  return [...folders].sort().map((folder) => readPackage(root, folder));
}

/** The folder of the package a file belongs to; undefined for our own files. */
export function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function readPackage(root: string, folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const files = readdirSync(join(root, folder)).filter((file) =>
    /^(licen[cs]e|copying|notice)\b/i.test(file),
  );
  const own = files.sort().map((file) => join(root, folder, file));
  const texts = own.length > 0 ? own : standardText(license);
  const licenseText = texts
    .map((path) => readFileSync(path, "utf8").replaceAll("\r\n", "\n").trim())
    .join("\n\n");
  if (typeof license !== "string" || licenseText === "") {
    throw new Error(
      `${name}@${version} is in the bundle, but its package has no licence text to ship with it.`,
    );
  }
  return { name, version, license, licenseText };
}

/** For a package that names its licence and brings no text of it. */
function standardText(license: unknown): string[] {
  const path = join(import.meta.dirname, "licence-texts", `${license}.txt`);
  return existsSync(path) ? [path] : [];
}

/** The text of dist/THIRD-PARTY-LICENSES.txt. */
export function licenseNotices(
  packages: readonly BundledPackage[],
  legalComments: readonly string[],
): string {
  const rule = "=".repeat(80);
  const parts = packages.map(
    ({ name, version, license, licenseText }) =>
      `${rule}\n${name} ${version} (${license})\n${rule}\n\n${licenseText}\n`,
  );
  const comments = [
    ...new Set(legalComments.map((text) => text.trim()).filter((text) => text !== "")),
  ].sort();
  const legal = comments.map(
    (text) => `${rule}\nLicence comments in the bundled files\n${rule}\n\n${text}\n`,
  );
  return ["The files in this folder contain code of these packages.\n", ...parts, ...legal].join("\n");
}
