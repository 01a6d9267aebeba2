import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { keychainError } from "../../../src/keychain/errors.ts";
import { type Keychain, openKeychain } from "../../../src/keychain/index.ts";
import { withLargeValues } from "../../../src/keychain/large-values.ts";
import { dieBeforeStep } from "./os/dying.ts";
import { fakeChild, temporaryDirectory } from "./os/fake-child.ts";

const LIMIT_BYTES = 2560;
const LARGE = "large ".repeat(1000);
const LARGER = "larger ".repeat(1000);

describe("a value too large for one keychain item", () => {
  for (const [before, after] of [
    [undefined, LARGE],
    ["small", LARGE],
    [LARGE, LARGER],
    [LARGE, "small"],
    [LARGE, undefined],
  ]) {
    const name = `${before?.slice(0, 6) ?? "nothing"} → ${after?.slice(0, 6) ?? "deleted"}`;
    test(`is never torn: a crash before any step of ${name} leaves the one or the other`, async (t) => {
      const seen = new Set<string | undefined>();
      for (let step = 1; ; step++) {
        const { keychain, items, files } = await limited(t);
        if (before !== undefined) await keychain.set("default", before);
        const died = await dieBeforeStep(t, step, (takeStep) => {
          items.beforeChange = takeStep;
          return after === undefined ? keychain.delete("default") : keychain.set("default", after);
        });
        delete items.beforeChange;
        const found = await keychain.get("default");
        assert.ok(found === before || found === after, `step ${step}: neither the old nor the new value`);
        seen.add(found);
        await keychain.set("default", LARGER);
        assert.equal(await keychain.get("default"), LARGER, "the next write works");
        if (!died) {
          assert.equal(found, after);
          break;
        }
        const leftovers = (await files()).filter((file) => !file.endsWith(".tmp"));
        assert.equal(leftovers.length, 1, `step ${step}: the next write removes what the crash left`);
      }
      assert.equal(seen.size, 2, "crashes before and after the exchange were both met");
    });
  }

  test("is reported as incomplete when its file is gone, with the sign-in command", async (t) => {
    const { keychain, directory, files } = await limited(t);
    await keychain.set("default", LARGE);
    for (const file of await files()) await rm(join(directory, file));
    await assert.rejects(keychain.get("default"), {
      code: "record_invalid",
      message: /is gone.*openclaw onboard/,
    });
  });

  test("is reported as changed when a byte of its file was changed", async (t) => {
    const { keychain, directory, files } = await limited(t);
    await keychain.set("default", LARGE);
    const [file = ""] = await files();
    const record = JSON.parse(await readFile(join(directory, file), "utf8"));
    const data = Buffer.from(record.data, "base64");
    data.writeUInt8(data.readUInt8(0) ^ 1, 0);
    await writeFile(join(directory, file), JSON.stringify({ ...record, data: data.toString("base64") }));
    await assert.rejects(keychain.get("default"), { code: "record_invalid", message: /was changed/ });
  });

  test("stays the old one when the keychain refuses the key of the new one, and leaves no file", async (t) => {
    const { keychain, items, files } = await limited(t);
    await keychain.set("default", LARGE);
    items.refuse = "keychain_locked";
    await assert.rejects(keychain.set("default", LARGER), { code: "keychain_locked" });
    items.refuse = undefined;
    assert.equal(await keychain.get("default"), LARGE);
    assert.equal((await files()).length, 1);
  });

  test("can be read whichever way it went when the keychain did not answer in time", async (t) => {
    for (const carriedOut of [false, true]) {
      const { keychain, items } = await limited(t);
      await keychain.set("default", LARGE);
      items.refuse = "keychain_timed_out";
      items.carriesOut = carriedOut;
      await assert.rejects(keychain.set("default", LARGER), { code: "keychain_timed_out" });
      items.refuse = undefined;
      assert.equal(await keychain.get("default"), carriedOut ? LARGER : LARGE);
    }
  });

  test("is found by a reader whom a writer overtakes", async (t) => {
    const { keychain, items } = await limited(t);
    await keychain.set("default", LARGE);
    items.afterGet = async () => {
      delete items.afterGet;
      await keychain.set("default", LARGER);
    };
    assert.equal(await keychain.get("default"), LARGER);
  });

  test("does not show in its file, nor does the key to it", async (t) => {
    const { keychain, items, directory, files } = await limited(t);
    await keychain.set("default", LARGE);
    const [file = ""] = await files();
    const text = await readFile(join(directory, file), "utf8");
    const item = items.values.get("default") ?? "";
    assert.doesNotMatch(text, /large|default/);
    assert.ok(!text.includes(item.slice(item.lastIndexOf(" ") + 1)));
  });

  test("leaves accounts apart", async (t) => {
    const { keychain } = await limited(t);
    await keychain.set("work", LARGE);
    await keychain.set("home", LARGER);
    assert.equal(await keychain.delete("home"), true);
    assert.equal(await keychain.get("work"), LARGE);
  });

  test("may itself look like the key to one", async (t) => {
    const { keychain, items } = await limited(t);
    await keychain.set("default", LARGE);
    const lookalike = items.values.get("default") ?? "";
    await keychain.set("default", lookalike);
    assert.equal(await keychain.get("default"), lookalike);
  });
});

describe("Windows' limit of 2560 bytes", () => {
  // What Windows' CredWrite says of a larger one.
  const script = `
    import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
    const file = folder + "/item";
    const encoding = request.binding === "keytar" ? "utf8" : "utf16le";
    if (request.operation === "get") answer(existsSync(file) ? { ok: true, value: readFileSync(file, "utf8") } : { ok: true });
    else if (Buffer.byteLength(request.value, encoding) > ${LIMIT_BYTES}) {
      answer({ ok: false, phase: "call", message: "The stub received bad data." });
    } else { writeFileSync(file, request.value); answer({ ok: true }); }`;

  for (const [store, fitting] of [
    ["keytar", "ä".repeat(1280)],
    ["secret-service", "ä".repeat(1280)],
  ] as const) {
    test(`is kept through ${store}, and known before a call is wasted`, async (t) => {
      const { options, started } = await fakeChild(t, script);
      const keychain = openKeychain(store, { ...options, platform: "win32" });
      for (const [value, files] of [
        [fitting, 0],
        [`${fitting}a`, 1],
        ["ключ 密钥 🔑".repeat(400), 1],
        ["x".repeat(200_000), 1],
      ] as const) {
        const before = started.length;
        await keychain.set("default", value);
        assert.equal(started.length - before, 1, "one call");
        assert.equal(await keychain.get("default"), value);
        assert.equal((await envelopesIn(options.directory)).length, files);
      }
    });
  }

  test("need not be known: any store that refuses a value as too large is met the same way", async (t) => {
    const { options } = await fakeChild(t, script);
    const keychain = openKeychain("keytar", options);
    await keychain.set("default", LARGE);
    assert.equal(await keychain.get("default"), LARGE);
  });
});

interface Items extends Keychain {
  readonly values: Map<string, string>;
  refuse?: "keychain_locked" | "keychain_timed_out" | undefined;
  /** Whether a write is carried out all the same. */
  carriesOut?: boolean;
  beforeChange?: () => Promise<void>;
  afterGet?: () => Promise<void>;
}

/** A keychain with Windows' limit, and the keychain for values of any size upon it. */
async function limited(t: TestContext) {
  const directory = await temporaryDirectory(t);
  const values = new Map<string, string>();
  const failure = { store: "keytar", operation: "set", detail: "for a test" } as const;
  const items: Items = {
    store: "keytar",
    values,
    async get(account) {
      const value = values.get(account);
      await items.afterGet?.();
      return value;
    },
    async set(account, value) {
      await items.beforeChange?.();
      if (Buffer.byteLength(value) > LIMIT_BYTES) {
        throw keychainError({ ...failure, code: "keychain_too_large" });
      }
      if (items.refuse === undefined || items.carriesOut) values.set(account, value);
      if (items.refuse !== undefined) throw keychainError({ ...failure, code: items.refuse });
    },
    async delete(account) {
      await items.beforeChange?.();
      return values.delete(account);
    },
  };
  return {
    keychain: withLargeValues(items, { directory }),
    items,
    directory,
    files: () => envelopesIn(directory),
  };
}

async function envelopesIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith("envelope-"));
}
