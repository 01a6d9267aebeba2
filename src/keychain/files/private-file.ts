import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import {
  type FileHandle,
  mkdir,
  rename as nodeRename,
  open,
  readdir,
  rm,
  stat,
  unlink,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileUnsafe } from "../errors.ts";

// Absent on Windows, where access is a matter of the profile folder's own protection. Without O_NONBLOCK
// a named pipe in the file's place would hang the open.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** A file that is still being written is younger. */
const LEFT_OVER_AFTER_MS = 60_000;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * The bytes of a file that only this user can read; undefined if there is none. Throws
 * `store_file_unsafe` for a symbolic link, another owner, or a mode that lets others in.
 */
export async function readPrivateFile(path: string): Promise<Buffer | undefined> {
  await checkDirectory(dirname(path));
  let handle: FileHandle;
  try {
    handle = await open(path, READ);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    if (hasCode(error, "ELOOP")) throw fileUnsafe(path, "it is a symbolic link", `rm '${path}'`);
    throw error;
  }
  try {
    await checkFile(path, handle);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * Puts `bytes` in the place of the file, so that a crash at any moment leaves the old or the new file
 * whole. Makes the directory (0700) if needed.
 */
export async function replacePrivateFile(
  path: string,
  bytes: Buffer,
  { rename = nodeRename }: { rename?: typeof nodeRename } = {},
): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await checkDirectory(directory);
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(directory);
  await removeLeftovers(path);
}

/** Whether a file was there. A symbolic link is removed, not what it leads to. */
export async function removePrivateFile(path: string): Promise<boolean> {
  await removeLeftovers(path);
  try {
    await unlink(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
  await syncDirectory(dirname(path));
  return true;
}

/** What a process that died while it replaced the file has left beside it. */
async function removeLeftovers(path: string): Promise<void> {
  const directory = dirname(path);
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(`${basename(path)}.`) && each.endsWith(".tmp"))) {
    const age = await stat(join(directory, name)).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > LEFT_OVER_AFTER_MS) await rm(join(directory, name), { force: true });
  }
}

async function checkFile(path: string, handle: FileHandle): Promise<void> {
  const { uid, mode } = await handle.stat();
  const owner = process.geteuid?.();
  if (owner === undefined) return;
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) {
    throw fileUnsafe(path, "it is not a regular file", `rm '${path}'`);
  }
  if (uid !== owner) throw fileUnsafe(path, "it belongs to another user", `ls -l '${path}'`);
  if ((mode & OTHERS) !== 0) throw fileUnsafe(path, "other users can open it", `chmod 600 '${path}'`);
}

/** Whoever can write in the directory can swap the file. */
async function checkDirectory(directory: string): Promise<void> {
  const owner = process.geteuid?.();
  if (owner === undefined) return;
  let found: { uid: number; mode: number };
  try {
    found = await stat(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if (found.uid !== owner) throw fileUnsafe(directory, "it belongs to another user", `ls -ld '${directory}'`);
  if ((found.mode & OTHERS_WRITE) !== 0) {
    throw fileUnsafe(directory, "other users can write in it", `chmod 700 '${directory}'`);
  }
}

// Makes the new name last through a power cut. Windows cannot open a directory.
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
