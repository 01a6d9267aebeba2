import assert from "node:assert/strict";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { replacePrivateFile } from "../../../../src/keychain/files/private-file.ts";
import { type Keychain, openKeychain } from "../../../../src/keychain/index.ts";
import { temporaryDirectory } from "../os/fake-child.ts";

const PASSPHRASE = "correct horse battery staple";
// POSIX modes and owners do not exist on Windows.
const posix = { skip: process.platform === "win32" ? "needs POSIX file modes" : false };

describe("the encrypted file refuses", () => {
  test("to work without a key, and writes nothing", async (t) => {
    const directory = await temporaryDirectory(t);
    await assert.rejects(opened(directory, {}).set("default", "v"), {
      code: "store_key_missing",
      message: /OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE.*openclaw onboard/,
    });
    assert.deepEqual(await readdir(directory), []);
  });

  test("an empty key", async (t) => {
    const env = { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "" };
    await assert.rejects(opened(await temporaryDirectory(t), env).set("default", "v"), {
      code: "store_key_missing",
    });
  });

  test("to read without a key what was written with one", async (t) => {
    const { directory } = await stored(t);
    await assert.rejects(opened(directory, {}).get("default"), { code: "store_key_missing" });
  });

  test("another key, to read and to write, and leaves the file byte for byte", async (t) => {
    const { directory, path, bytes } = await stored(t);
    const other = opened(directory, { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "another" });
    await assert.rejects(other.get("default"), { code: "store_key_wrong" });
    await assert.rejects(other.set("default", "new"), { code: "store_key_wrong" });
    assert.deepEqual(await readFile(path), bytes);
  });

  for (const part of ["salt", "iv", "tag", "data"]) {
    test(`a file whose ${part} was changed`, async (t) => {
      const { keychain, path, bytes } = await stored(t);
      const record = JSON.parse(bytes.toString());
      const changed = Buffer.from(record[part], "base64");
      changed.writeUInt8(changed.readUInt8(0) ^ 1, 0);
      await writeFile(path, JSON.stringify({ ...record, [part]: changed.toString("base64") }));
      await assert.rejects(keychain.get("default"), { code: "store_key_wrong" });
    });
  }

  for (const content of ["", "{", "null", '{"version":2}', '{"version":1,"salt":"AA==","iv":7}']) {
    test(`a file that holds ${JSON.stringify(content)}`, async (t) => {
      const { keychain, path } = await stored(t);
      await writeFile(path, content);
      await assert.rejects(keychain.get("default"), { code: "store_key_wrong" });
    });
  }

  test("a shortened authentication tag", async (t) => {
    const { keychain, path, bytes } = await stored(t);
    const record = JSON.parse(bytes.toString());
    const tag = Buffer.from(record.tag, "base64").subarray(0, 4).toString("base64");
    await writeFile(path, JSON.stringify({ ...record, tag }));
    await assert.rejects(keychain.get("default"), { code: "store_key_wrong" });
  });

  test("one account's file in the place of another's", async (t) => {
    const { keychain, directory, path } = await stored(t);
    await keychain.set("other", "v");
    const [other = ""] = (await readdir(directory)).filter((name) => !path.endsWith(name));
    await rename(path, join(directory, other));
    await assert.rejects(keychain.get("other"), { code: "store_key_wrong" });
  });

  for (const mode of [0o640, 0o604, 0o660]) {
    test(`a file that others can open (${mode.toString(8)})`, posix, async (t) => {
      const { keychain, path } = await stored(t);
      await chmod(path, mode);
      const refused = { code: "store_file_unsafe", message: /chmod 600/ };
      await assert.rejects(keychain.get("default"), refused);
      await assert.rejects(keychain.set("default", "new"), refused);
    });
  }

  test("a directory that others can write in", posix, async (t) => {
    const { keychain, directory } = await stored(t);
    await chmod(directory, 0o770);
    await assert.rejects(keychain.get("default"), { code: "store_file_unsafe", message: /chmod 700/ });
  });

  test("a symbolic link, even to a file that would do", posix, async (t) => {
    const { keychain, path } = await stored(t);
    await rename(path, `${path}.moved`);
    await symlink(`${path}.moved`, path);
    await assert.rejects(keychain.get("default"), { code: "store_file_unsafe", message: /symbolic link/ });
  });

  test("a directory in the file's place", posix, async (t) => {
    const { keychain, path } = await stored(t);
    await keychain.delete("default");
    await mkdir(path, { mode: 0o700 });
    await assert.rejects(keychain.get("default"), { code: "store_file_unsafe" });
  });

  test("a directory or file of another user", posix, async (t) => {
    const { keychain } = await stored(t);
    const me = process.geteuid?.() ?? 0;
    for (const lookups of [0, 1]) {
      let lookup = 0;
      const mocked = t.mock.method(process as { geteuid: () => number }, "geteuid", () =>
        lookup++ < lookups ? me : me + 1,
      );
      await assert.rejects(keychain.get("default"), { code: "store_file_unsafe", message: /another user/ });
      mocked.mock.restore();
    }
  });

  test("empty values, NUL and unpaired surrogates, like every store", async (t) => {
    const { keychain } = await stored(t);
    for (const value of ["", "a\0b", "\ud800"]) {
      await assert.rejects(keychain.set("default", value), { code: "keychain_refused" });
    }
    assert.equal(await keychain.get("default"), "value");
  });

  test("a place where it cannot write, by the keychain's own error", async (t) => {
    const directory = join(await temporaryDirectory(t), "file");
    await writeFile(directory, "in the way", { mode: 0o600 });
    await assert.rejects(opened(directory).set("default", "v"), {
      code: "keychain_refused",
      message: /ENOTDIR|EEXIST/,
    });
  });
});

describe("replacing the encrypted file", () => {
  test("leaves the old file whole when the process dies before the rename", async (t) => {
    const { keychain, path, bytes } = await stored(t);
    // A rename that is never carried out is what the disk sees of a crash.
    const died = new Promise<void>((resolve) => {
      void replacePrivateFile(path, Buffer.from("new"), {
        rename: () => {
          resolve();
          return new Promise(() => {});
        },
      });
    });
    await died;
    assert.deepEqual(await readFile(path), bytes);
    assert.equal(await keychain.get("default"), "value");
  });

  test("leaves the old file and nothing else when the rename fails", async (t) => {
    const { directory, path, bytes } = await stored(t);
    const full = Object.assign(new Error("full"), { code: "ENOSPC" });
    const failing = { rename: () => Promise.reject(full) };
    await assert.rejects(replacePrivateFile(path, Buffer.from("new"), failing), full);
    assert.deepEqual(await readFile(path), bytes);
    assert.equal((await readdir(directory)).length, 1);
  });
});

describe("what a crash has left beside the encrypted file", () => {
  test("is removed by the next write, unless it may still be in the making", async (t) => {
    const { keychain, directory, path } = await stored(t);
    await writeFile(`${path}.0123456789ab.tmp`, "left over");
    await writeFile(`${path}.ba9876543210.tmp`, "in the making");
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(`${path}.0123456789ab.tmp`, anHourAgo, anHourAgo);
    await keychain.set("default", "new");
    const left = new Set((await readdir(directory)).map((name) => join(directory, name)));
    assert.deepEqual(left, new Set([path, `${path}.ba9876543210.tmp`]));
  });

  test("is removed by signing out", async (t) => {
    const { keychain, directory, path } = await stored(t);
    await writeFile(`${path}.0123456789ab.tmp`, "left over");
    await utimes(`${path}.0123456789ab.tmp`, 0, 0);
    await keychain.delete("default");
    assert.deepEqual(await readdir(directory), []);
  });
});

describe("the encrypted file", () => {
  test("has nothing to give or delete at first, not even a directory", async (t) => {
    const keychain = opened(join(await temporaryDirectory(t), "not-made-yet"));
    assert.equal(await keychain.get("default"), undefined);
    assert.equal(await keychain.delete("default"), false);
  });

  test("stores, replaces, gives back and deletes a value", async (t) => {
    const keychain = opened(await temporaryDirectory(t));
    await keychain.set("default", "first");
    await keychain.set("default", "ключ 密钥 🔑");
    assert.equal(await keychain.get("default"), "ключ 密钥 🔑");
    assert.equal(await keychain.delete("default"), true);
    assert.equal(await keychain.get("default"), undefined);
  });

  test("is open to its owner only, in a directory of its owner only", posix, async (t) => {
    const directory = join(await temporaryDirectory(t), "made", "by set");
    await opened(directory).set("default", "v");
    const [name = ""] = await readdir(directory);
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600);
  });

  test("shows neither value nor account, and no two writings are alike", async (t) => {
    const { keychain, path, bytes } = await stored(t);
    await keychain.set("default", "value");
    const again = await readFile(path);
    assert.notDeepEqual(again, bytes);
    for (const text of [bytes.toString(), path.slice(path.lastIndexOf("/"))]) {
      assert.doesNotMatch(text, /default|value|horse/);
    }
  });

  test("takes any account name as a name only", async (t) => {
    const directory = await temporaryDirectory(t);
    const keychain = opened(directory);
    for (const account of ["../../escape", "a/b", "CON", ".", "ä".repeat(300)]) {
      await keychain.set(account, account);
      assert.equal(await keychain.get(account), account);
    }
    assert.equal((await readdir(directory)).length, 5);
  });

  test("takes its key from systemd's credentials before the passphrase", async (t) => {
    const credentials = await temporaryDirectory(t, "credentials");
    await writeFile(join(credentials, "openclaw-minimax-keychain"), "from systemd\n");
    const directory = await temporaryDirectory(t);
    const both = { CREDENTIALS_DIRECTORY: credentials, OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: PASSPHRASE };
    await opened(directory, both).set("default", "v");
    const same = { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "from systemd" };
    assert.equal(await opened(directory, same).get("default"), "v");
  });

  test("takes the passphrase when systemd's credentials do not hold one for it", async (t) => {
    const env = {
      CREDENTIALS_DIRECTORY: await temporaryDirectory(t, "credentials"),
      OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: PASSPHRASE,
    };
    const { directory } = await stored(t);
    assert.equal(await opened(directory, env).get("default"), "value");
  });
});

function opened(
  directory: string,
  env: NodeJS.ProcessEnv = { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: PASSPHRASE },
): Keychain {
  return openKeychain("encrypted-file", { childPath: "/nonexistent", env, directory });
}

/** An encrypted file that holds "value" for the account `default`. */
async function stored(t: TestContext) {
  const directory = await temporaryDirectory(t);
  const { name, bytes } = await sample();
  const path = join(directory, name);
  await writeFile(path, bytes, { mode: 0o600 });
  return { keychain: opened(directory), directory, path, bytes };
}

/** Written by the store itself, once for all tests: deriving a key is slow on purpose. */
let written: Promise<{ name: string; bytes: Buffer }> | undefined;
function sample(): Promise<{ name: string; bytes: Buffer }> {
  written ??= (async () => {
    const directory = await mkdtemp(join(tmpdir(), "openclaw-"));
    await opened(directory).set("default", "value");
    const [name = ""] = await readdir(directory);
    const bytes = await readFile(join(directory, name));
    await rm(directory, { recursive: true });
    return { name, bytes };
  })();
  return written;
}
