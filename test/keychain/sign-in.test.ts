import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import {
  type SecretService,
  type SecretServiceOptions,
  startSecretService,
} from "../../fixtures/secret-service/start.ts";
import { SIGN_IN_COMMAND } from "../../src/base/error.ts";
import { chooseKeychain, openKeychain, type StoreName } from "../../src/keychain/index.ts";
import { retryUntilUnlocked } from "../../src/tokens/keep-fresh.ts";
import { BINDINGS, NEEDS_SERVICE, needs, optionsFor, PROVIDERS } from "./real-service.ts";

describe("choosing a keychain at sign-in", NEEDS_SERVICE, () => {
  test("without any keychain names every store it tried and the way on", async () => {
    const nowhere = optionsFor({ env: { HOME: "/nonexistent" }, directory: "/nonexistent" });
    await assert.rejects(chooseKeychain("auto", nowhere), (error: Error) => {
      assert.match(error.message, /keytar found no keychain/);
      assert.match(error.message, /secret-service found no keychain/);
      assert.match(error.message, /apt-get install gnome-keyring libsecret-1-0/);
      assert.match(error.message, /tokenStore encrypted-file/);
      assert.ok(error.message.includes(SIGN_IN_COMMAND));
      return true;
    });
  });

  test("stops at a locked keyring instead of going to another store", async (t) => {
    const service = await started(t, { directory: await withKeyring(t), unlock: false });
    await assert.rejects(chooseKeychain("auto", optionsFor(service)), { code: "keychain_locked" });
  });

  test("takes keytar where libsecret is installed", async (t) => {
    const service = await started(t, {});
    assert.equal((await chooseKeychain("auto", optionsFor(service))).store, "keytar");
  });

  test("takes the other binding where it is not, and says why keytar was not loaded when named", async (t) => {
    const service = await started(t, {});
    const options = await withoutLibsecret(t, service);
    assert.equal((await chooseKeychain("auto", options)).store, "secret-service");
    await assert.rejects(chooseKeychain("keytar", options), {
      code: "keychain_unavailable",
      message: /libsecret-1\.so\.0/,
    });
  });
});

// KeePassXC asks a person each time that libsecret replaces an item: no refresh could be saved.
test("a KeePassXC is used through the binding that it does not stop", needs("keepassxc"), async (t) => {
  const service = await started(t, { provider: "keepassxc" });
  const chosen = await chooseKeychain("auto", { ...optionsFor(service), defaultDeadlineMs: 5000 });
  assert.equal(chosen.store, "secret-service");
});

for (const provider of PROVIDERS) {
  describe(`a gateway that starts before its ${provider} is unlocked`, needs(provider, true), () => {
    for (const binding of BINDINGS) {
      test(`has the sign-in at its next question through ${binding}, and shows one prompt at most`, async (t) => {
        const directory = await withKeyring(t, binding);
        const service = await started(t, { provider, directory, unlock: false, screen: true });
        let children = 0;
        const { spawn } = await import("node:child_process");
        const counted = ((...args: Parameters<typeof spawn>) => {
          children++;
          return spawn(...args);
        }) as typeof spawn;
        const keychain = openKeychain(binding, { ...optionsFor(service), spawn: counted });
        const waits: number[] = [];
        const clock = {
          now: Date.now,
          monotonic: () => performance.now(),
          async sleep(ms: number) {
            waits.push(ms);
            if (waits.length === 8) await service.unlock();
          },
        };
        const read = () => keychain.get("default", { deadlineMs: waits.length < 8 ? 1500 : 20_000 });
        const found = await retryUntilUnlocked(read, { clock, signal: new AbortController().signal });
        assert.equal(found, provider === "gnome-keyring" ? "kept" : undefined);
        assert.deepEqual(waits, [1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000]);
        assert.equal(children, 2, "the first question, and the one after it was unlocked");
      });
    }
  });
}

async function started(t: TestContext, options: SecretServiceOptions): Promise<SecretService> {
  const service = await startSecretService(options);
  t.after(() => service.stop());
  return service;
}

/** A directory with a gnome-keyring that holds "kept" for the account `default`. */
async function withKeyring(t: TestContext, binding: StoreName = "keytar"): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "keyring-"));
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  const service = await startSecretService({ directory });
  await openKeychain(binding, optionsFor(service)).set("default", "kept");
  await service.stop();
  return directory;
}

/** A file that is no library hides the real one from the children, as if the package were not installed. */
async function withoutLibsecret(t: TestContext, service: SecretService) {
  const options = optionsFor(service);
  const folder = join(service.directory, "hidden");
  await mkdir(folder);
  await writeFile(join(folder, "libsecret-1.so.0"), "");
  t.after(() => rm(folder, { recursive: true, force: true }));
  return { ...options, env: { ...options.env, LD_LIBRARY_PATH: folder } };
}
