// Every situation in which a keychain was found to behave in a way of its own, with both bindings, against
// both Secret Services that Debian has. The last test prints what came of each call, and how long it took.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Provider,
  type SecretService,
  type SecretServiceOptions,
  startSecretService,
} from "../../fixtures/secret-service/start.ts";
import { type Keychain, openKeychain, type StoreName } from "../../src/keychain/index.ts";
import { withoutLag } from "../support/without-lag.ts";
import { BINDINGS, needs, optionsFor, PROVIDERS } from "./real-service.ts";
import { noted, table } from "./timing.ts";

/** KeePassXC asks a person each time that libsecret replaces an item. */
const ASKS_TO_REPLACE: Partial<Record<Provider, StoreName>> = { keepassxc: "keytar" };
const SHORT_MS = 800;
const LONG_MS = 20_000;

for (const binding of BINDINGS) {
  describe(`${binding} where there is nothing to talk to`, needs("gnome-keyring"), () => {
    test("fails at once without a D-Bus session", async () => {
      const nowhere = optionsFor({ env: { HOME: "/nonexistent" }, directory: "/nonexistent" });
      const ask = asking({ provider: "none", binding }, openKeychain(binding, nowhere), "no D-Bus");
      assert.deepEqual(await ask.all(LONG_MS), Array(3).fill("keychain_unavailable"));
    });

    test("fails at once on a D-Bus without a Secret Service", async (t) => {
      const service = await started(t, { keyring: false });
      const ask = asking({ provider: "none", binding }, opened(binding, service), "no Secret Service");
      assert.deepEqual(await ask.all(LONG_MS), Array(3).fill("keychain_unavailable"));
    });
  });

  for (const provider of PROVIDERS) {
    describe(`${binding} and ${provider}`, needs(provider, true), () => {
      const who = { provider, binding };

      test("frozen: each call ends at its deadline, no file waits, and what was there is still there", async (t) => {
        const service = await started(t, { provider });
        const keychain = opened(binding, service);
        await keychain.set("default", "kept");
        process.kill(service.daemonPid, "SIGSTOP");
        const ask = asking(who, keychain, "frozen");
        const [outcomes, slowest] = await Promise.all([
          Promise.all([
            ask.get(SHORT_MS),
            ask.get(SHORT_MS),
            ask.get(SHORT_MS),
            ask.get(SHORT_MS),
            ask.get(SHORT_MS),
          ]),
          slowestRead(SHORT_MS),
        ]);
        assert.deepEqual(outcomes, Array(5).fill("keychain_timed_out"));
        assert.ok(slowest < 150, `a file was read in ${slowest} ms`);
        assert.equal(await ask.set(SHORT_MS, "late"), "keychain_timed_out");
        assert.equal(await ask.delete(SHORT_MS), "keychain_timed_out");
        await exitsWhileACallHangs(binding, service);
        process.kill(service.daemonPid, "SIGCONT");
        // What it was asked while it was frozen it may still do, but never after what it is asked now.
        if (binding === ASKS_TO_REPLACE[provider]) await keychain.delete("default");
        await keychain.set("default", "newest");
        await sleep(300);
        assert.equal(await keychain.get("default"), "newest");
      });

      test("killed and started again: unavailable in between, and then as before", async (t) => {
        const service = await started(t, { provider, directory: await temporaryDirectory(t) });
        const keychain = opened(binding, service);
        await saved(service, provider, () => keychain.set("default", "kept"));
        process.kill(service.daemonPid, "SIGKILL");
        const ask = asking(who, keychain, "killed");
        assert.equal(await ask.get(LONG_MS), "keychain_unavailable");
        await service.restart();
        assert.equal(await keychain.get("default"), "kept");
        assert.equal(await asking(who, keychain, "started again").get(LONG_MS), "found");
      });

      test("locked, with a prompt that nobody answers: ends at the deadline, once, and then at once", async (t) => {
        const service = await started(t, {
          provider,
          directory: await locked(t, provider, binding),
          unlock: false,
          screen: true,
        });
        const ask = asking(who, opened(binding, service), "locked, nobody answers");
        for (const call of [ask.get, ask.set, ask.delete]) {
          assert.equal(await call(SHORT_MS, "v", true), "keychain_locked");
        }
        for (let again = 0; again < 3; again++) {
          assert.equal(
            await asking(who, opened(binding, service), "locked, asked again").get(SHORT_MS),
            "keychain_locked",
          );
        }
        await service.unlock();
        assert.equal(await opened(binding, service).get("default"), "kept");
      });
    });
  }

  describe(`${binding} and a locked gnome-keyring`, needs("gnome-keyring"), () => {
    test("that cannot show a prompt: says so, and is never taken for empty", async (t) => {
      const directory = await locked(t, "gnome-keyring", binding);
      const service = await started(t, { directory, unlock: false });
      const ask = asking(
        { provider: "gnome-keyring", binding },
        opened(binding, service),
        "locked, no screen",
      );
      assert.deepEqual(await ask.all(LONG_MS), Array(3).fill("keychain_locked"));
    });

    test("that was never set up: can be read as empty and not written", async (t) => {
      const service = await started(t, { unlock: false });
      const ask = asking({ provider: "gnome-keyring", binding }, opened(binding, service), "never set up");
      assert.equal(await ask.set(LONG_MS, "v"), "keychain_locked");
      assert.equal(await ask.get(LONG_MS), "absent");
    });
  });
}

test("what came of each call, and the longest it took", (t) => {
  for (const line of table()) t.diagnostic(line);
});

const opened = (binding: StoreName, service: SecretService) => openKeychain(binding, optionsFor(service));

/** Calls whose outcome and time go into the table. */
function asking(who: { provider: string; binding: string }, keychain: Keychain, situation: string) {
  const what = (call: string) => ({ ...who, situation, call });
  const limits = (deadlineMs: number, attended = false) => ({ deadlineMs, attended });
  const ask = {
    get: (deadlineMs: number, _value?: string, attended?: boolean) =>
      noted(what("get"), deadlineMs, () => keychain.get("default", limits(deadlineMs, attended))),
    set: (deadlineMs: number, value = "v", attended?: boolean) =>
      noted(what("set"), deadlineMs, async () => {
        await keychain.set("default", value, limits(deadlineMs, attended));
        return true;
      }),
    delete: (deadlineMs: number, _value?: string, attended?: boolean) =>
      noted(what("delete"), deadlineMs, () => keychain.delete("default", limits(deadlineMs, attended))),
    all: async (deadlineMs: number) => [
      await ask.get(deadlineMs),
      await ask.set(deadlineMs),
      await ask.delete(deadlineMs),
    ],
  };
  return ask;
}

async function started(t: TestContext, options: SecretServiceOptions): Promise<SecretService> {
  const service = await startSecretService(options);
  t.after(() => service.stop());
  return service;
}

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "keyring-"));
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

/** A directory with a keyring that holds "kept" for the account `default`. */
async function locked(t: TestContext, provider: Provider, binding: StoreName): Promise<string> {
  const directory = await temporaryDirectory(t);
  const service = await startSecretService({ provider, directory });
  await saved(service, provider, () => opened(binding, service).set("default", "kept"));
  await service.stop();
  return directory;
}

/** Makes a change and waits until it is on the disk: KeePassXC answers before it has saved. */
async function saved(
  { directory }: SecretService,
  provider: Provider,
  change: () => Promise<void>,
): Promise<void> {
  if (provider !== "keepassxc") return change();
  const writtenAt = async () => (await stat(join(directory, "throwaway.kdbx"))).mtimeMs;
  const before = await writtenAt();
  await change();
  for (let last = before, quiet = 0; quiet < 8; quiet++) {
    await sleep(200);
    const now = await writtenAt();
    if (now !== last || now === before) quiet = 0;
    last = now;
  }
}

/** The longest that reading a small file took, in ms, in the time given; waiting for a processor apart. */
async function slowestRead(forMs: number): Promise<number> {
  let slowest = 0;
  for (const until = performance.now() + forMs; performance.now() < until; await sleep(20)) {
    slowest = Math.max(slowest, await withoutLag(() => readFile(import.meta.filename)));
  }
  return slowest;
}

async function exitsWhileACallHangs(binding: StoreName, service: SecretService): Promise<void> {
  const index = new URL("../../src/keychain/index.ts", import.meta.url).href;
  const script = `
    const { openKeychain } = await import(${JSON.stringify(index)});
    const keychain = openKeychain(${JSON.stringify(binding)}, ${JSON.stringify(optionsFor(service))});
    for (let i = 0; i < 5; i++) keychain.get("default").catch(() => {});
    setTimeout(() => { console.log(Date.now()); process.exit(7); }, 300);`;
  const [code, asked] = await new Promise<[unknown, number]>((resolve) => {
    const args = ["--input-type=module", "-e", script];
    execFile(process.execPath, args, { timeout: LONG_MS, killSignal: "SIGKILL" }, (error, stdout) => {
      resolve([error?.code, Number(stdout)]);
    });
  });
  assert.equal(code, 7);
  assert.ok(Date.now() - asked < 2000, "process.exit hung");
}
