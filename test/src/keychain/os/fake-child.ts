import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeychainOptions } from "../../../../src/keychain/index.ts";

export interface Cleaning {
  after(clean: () => Promise<void>): void;
}

/** A directory that is removed when the test ends. */
export async function temporaryDirectory(t: Cleaning, name = "keychain"): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "openclaw-"));
  t.after(() => rm(parent, { recursive: true, force: true }));
  const directory = join(parent, name);
  await mkdir(directory, { mode: 0o700 });
  return directory;
}

export interface FakeChild {
  options: KeychainOptions;
  /** The children started so far, the last one last. */
  started: ReturnType<typeof spawn>[];
}

/**
 * Options of a keychain whose child runs `script` (JavaScript) in the place of the bindings. In the script,
 * `request` is the request, `answer(value)` prints a line of JSON, and `folder` is the script's own folder.
 */
export async function fakeChild(t: Cleaning, script: string, folderName?: string): Promise<FakeChild> {
  const directory = await temporaryDirectory(t, folderName);
  const childPath = join(directory, "child.mjs");
  await writeFile(childPath, `${PRELUDE}\n${script}\n`);
  const started: ReturnType<typeof spawn>[] = [];
  const recording = (...args: Parameters<typeof spawn>) => {
    const child = spawn(...args);
    started.push(child);
    return child;
  };
  const options = { childPath, directory, env: { ...process.env }, defaultDeadlineMs: 20_000 };
  return { options: { ...options, spawn: recording as typeof spawn }, started };
}

const PRELUDE = `
import { text } from "node:stream/consumers";
const request = JSON.parse(await text(process.stdin));
const folder = import.meta.dirname;
const answer = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
`;

export const HANGS = "setInterval(() => {}, 1000);";
