import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { secretTool } from "../../fixtures/secret-service/secret-tool.ts";
import { type SecretService, startSecretService } from "../../fixtures/secret-service/start.ts";
import { chooseKeychain, openKeychain, SERVICE } from "../../src/keychain/index.ts";
import { BINDINGS, NEEDS_SERVICE, optionsFor } from "./real-service.ts";

describe("an unlocked gnome-keyring", NEEDS_SERVICE, () => {
  let service: SecretService;
  before(async () => {
    service = await startSecretService();
  });
  after(() => service.stop());

  for (const store of BINDINGS) {
    describe(`through ${store}`, () => {
      test("has nothing to give or delete at first", async () => {
        const keychain = openKeychain(store, optionsFor(service));
        assert.equal(await keychain.get("nobody"), undefined);
        assert.equal(await keychain.delete("nobody"), false);
      });

      test("stores, replaces, gives back and deletes a value", async () => {
        const keychain = openKeychain(store, optionsFor(service));
        await keychain.set("default", "first");
        await keychain.set("default", "second");
        assert.equal(await keychain.get("default"), "second");
        assert.equal(await keychain.delete("default"), true);
        assert.equal(await keychain.get("default"), undefined);
      });

      test("keeps accounts apart", async () => {
        const keychain = openKeychain(store, optionsFor(service));
        await keychain.set("work", "w");
        await keychain.set("home", "h");
        assert.deepEqual([await keychain.get("work"), await keychain.get("home")], ["w", "h"]);
      });

      test("gives back every character as it was", async () => {
        const keychain = openKeychain(store, optionsFor(service));
        const value = 'ключ 密钥 🔑 e\u0301 "quoted" \\ \t\r\n\u2028 end ';
        await keychain.set("unicode", value);
        assert.equal(await keychain.get("unicode"), value);
      });

      test("gives back 64 KB as they were", async () => {
        const keychain = openKeychain(store, optionsFor(service));
        const value = "0123456789abcdef".repeat(4096);
        await keychain.set("large", value);
        assert.equal(await keychain.get("large"), value);
      });

      test("loses and mixes nothing while two processes write", async () => {
        await Promise.all([write(service, store, "one"), write(service, store, "two")]);
        const keychain = openKeychain(store, optionsFor(service));
        assert.equal(await keychain.get("writer-one"), "one".repeat(1000));
        assert.equal(await keychain.get("writer-two"), "two".repeat(1000));
        const shared = await keychain.get("writers");
        assert.ok(shared === "one".repeat(1000) || shared === "two".repeat(1000));
        assert.equal(await keychain.delete("writers"), true);
        assert.equal(await keychain.get("writers"), undefined, "the two had made two items of one name");
      });

      test("passes the test of sign-in and keeps nothing of it", async () => {
        const keychain = await chooseKeychain(store, optionsFor(service));
        assert.equal(keychain.store, store);
        await keychain.set("real-item", "v");
        const found = await secretTool({ ...service.env }, ["search", "--all", "service", SERVICE]);
        assert.match(found.stdout + found.stderr, /real-item/);
        assert.doesNotMatch(found.stdout + found.stderr, /canary/);
      });
    });
  }

  test("is found by itself through keytar", async () => {
    assert.equal((await chooseKeychain("auto", optionsFor(service))).store, "keytar");
  });
});

const run = promisify(execFile);
const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));

async function write(service: SecretService, store: string, name: string): Promise<void> {
  const env = { PATH: process.env.PATH, ...service.env };
  const { stdout } = await run(process.execPath, [WRITER, store, name], { env });
  assert.equal(stdout, "done\n");
}
