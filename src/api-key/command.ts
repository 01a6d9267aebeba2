import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";

const NAME = "minimax-api-key";

/**
 * Writes the program that the host runs for the key. The host runs only what belongs to the person
 * itself, and a system's Node belongs to root.
 * @returns its path
 */
export async function writeKeyCommand(
  directory: string,
  { node, resolver }: { node: string; resolver: string },
): Promise<string> {
  const path = join(directory, NAME);
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, `#!/bin/sh\nexec ${quoted(node)} ${quoted(resolver)}\n`, { mode: 0o700 });
  await chmod(`${path}.new`, 0o700);
  await rename(`${path}.new`, path);
  return path;
}

/** As it stands in OpenClaw's config, `secrets.providers`. */
export interface KeyCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The first of the files that the host's program for the key needs and that is gone: the program, its Node, its
 * resolver. On many machines Node's path has its version in it, and goes with an upgrade.
 */
export async function missingOf({ command, args }: KeyCommand): Promise<string | undefined> {
  const files = [command, ...args.filter(isAbsolute), ...(await namedIn(command))];
  return files.find((file) => !existsSync(file));
}

/** The paths in a program that {@link writeKeyCommand} wrote. */
async function namedIn(command: string): Promise<string[]> {
  if (basename(command) !== NAME) return [];
  const text = await readFile(command, "utf8").catch(() => "");
  return [...text.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, path = ""]) => path.replaceAll("'\\''", "'"));
}
