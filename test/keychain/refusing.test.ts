import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type SecretService, startSecretService } from "../../fixtures/secret-service/start.ts";
import { chooseKeychain, openKeychain } from "../../src/keychain/index.ts";
import { SIGN_IN_COMMAND } from "../../src/safety/error.ts";
import { BINDINGS, NEEDS_SERVICE, optionsFor } from "./real-service.ts";

const NOWHERE = { env: { HOME: "/nonexistent" }, directory: "/nonexistent" };

for (const store of BINDINGS) {
  describe(`${store} without a keychain it can use`, NEEDS_SERVICE, () => {
    test("says so when there is no D-Bus session", async () => {
      const keychain = openKeychain(store, optionsFor(NOWHERE));
      await assert.rejects(keychain.get("default"), { code: "keychain_unavailable" });
      await assert.rejects(keychain.set("default", "v"), { code: "keychain_unavailable" });
      await assert.rejects(keychain.delete("default"), { code: "keychain_unavailable" });
    });

    test("says so when D-Bus has no Secret Service", async (t) => {
      const service = await startSecretService({ keyring: false });
      t.after(() => service.stop());
      const keychain = openKeychain(store, optionsFor(service));
      await assert.rejects(keychain.get("default"), { code: "keychain_unavailable" });
      await assert.rejects(keychain.set("default", "v"), { code: "keychain_unavailable" });
    });

    test("says so when the keyring has never been set up", async (t) => {
      const service = await startSecretService({ unlock: false });
      t.after(() => service.stop());
      const keychain = openKeychain(store, optionsFor(service));
      await assert.rejects(keychain.set("default", "v"), { code: "keychain_locked" });
    });

    test("gives up on a frozen service at the deadline, and works again when it wakes", async (t) => {
      const service = await startSecretService();
      t.after(() => service.stop());
      const keychain = openKeychain(store, optionsFor(service));
      await keychain.set("default", "kept");
      process.kill(service.daemonPid, "SIGSTOP");
      const started = performance.now();
      await assert.rejects(keychain.get("default", { deadlineMs: 400 }), { code: "keychain_timed_out" });
      const took = performance.now() - started;
      assert.ok(took >= 400 && took < 700, `took ${took} ms`);
      process.kill(service.daemonPid, "SIGCONT");
      assert.equal(await keychain.get("default"), "kept");
    });
  });
}

describe("a locked gnome-keyring", NEEDS_SERVICE, () => {
  test("is told from an empty one by the pinned Secret Service", async (t) => {
    const keychain = openKeychain("secret-service", optionsFor(await lockedService(t, "secret-service")));
    await assert.rejects(keychain.get("default"), { code: "keychain_locked" });
    await assert.rejects(keychain.set("default", "v"), { code: "keychain_locked" });
    await assert.rejects(keychain.delete("default"), { code: "keychain_locked" });
  });

  test("looks empty through keytar until something is written", async (t) => {
    const keychain = openKeychain("keytar", optionsFor(await lockedService(t, "keytar")));
    assert.equal(await keychain.get("default"), undefined);
    assert.equal(await keychain.delete("default"), false);
    await assert.rejects(keychain.set("other", "v"), { code: "keychain_locked" });
  });

  test("stops sign-in instead of sending it to another store", async (t) => {
    const options = optionsFor(await lockedService(t, "keytar"));
    await assert.rejects(chooseKeychain("auto", options), { code: "keychain_locked" });
  });

  for (const store of BINDINGS) {
    test(`gives back its items through ${store} once it is unlocked`, async (t) => {
      const { directory } = await lockedService(t, store);
      const unlocked = await startSecretService({ directory });
      t.after(() => unlocked.stop());
      assert.equal(await openKeychain(store, optionsFor(unlocked)).get("default"), "kept");
    });
  }
});

test("sign-in without any keychain names every store it tried and the way on", NEEDS_SERVICE, async () => {
  await assert.rejects(chooseKeychain("auto", optionsFor(NOWHERE)), (error: Error) => {
    assert.match(error.message, /keytar found no keychain/);
    assert.match(error.message, /secret-service found no keychain/);
    assert.match(error.message, /apt-get install gnome-keyring libsecret-1-0/);
    assert.match(error.message, /tokenStore encrypted-file/);
    assert.ok(error.message.includes(SIGN_IN_COMMAND));
    return true;
  });
});

/** A keyring that holds an item of the account `default`, started again without its password. */
async function lockedService(
  t: { after(clean: () => Promise<void>): void },
  store: (typeof BINDINGS)[number],
): Promise<SecretService> {
  const directory = await temporaryDirectory(t);
  const unlocked = await startSecretService({ directory });
  await openKeychain(store, optionsFor(unlocked)).set("default", "kept");
  await unlocked.stop();
  const locked = await startSecretService({ directory, unlock: false });
  t.after(() => locked.stop());
  return locked;
}

async function temporaryDirectory(t: { after(clean: () => Promise<void>): void }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "locked-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
