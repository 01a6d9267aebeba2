import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { describe, test } from "node:test";
import { chooseKeychain } from "../../../src/keychain/index.ts";
import { fakeChild, HANGS, temporaryDirectory } from "./os/fake-child.ts";

// A store of files beside the script, for each binding that `fault` does not stop.
const store = (fault = "") => `
import { existsSync, readFileSync, rmSync, writeFileSync, appendFileSync } from "node:fs";
appendFileSync(folder + "/calls", request.binding + " " + request.operation + "\\n");
const file = folder + "/item-" + request.binding + "-" + request.account;
const { operation, binding } = request;
${fault}
if (operation === "set") { writeFileSync(file, request.value); answer({ ok: true }); }
else if (operation === "get") answer(existsSync(file) ? { ok: true, value: readFileSync(file, "utf8") } : { ok: true });
else { const deleted = existsSync(file); rmSync(file, { force: true }); answer({ ok: true, deleted }); }
`;

const fails = (when: string, phase: string, message: string) =>
  `if (${when}) { answer({ ok: false, phase: "${phase}", message: "${message}" }); process.exitCode = 0; await new Promise(() => {}); }`;

describe("choosing a store at sign-in", () => {
  test("stops when no store works, naming each and why; the encrypted file is not a way out by itself", async (t) => {
    const { options } = await fakeChild(t, store(fails("true", "load", "no such library")));
    await assert.rejects(chooseKeychain("auto", options), (error: Error) => {
      assert.match(error.message, /keytar found no keychain .*no such library/);
      assert.match(error.message, /secret-service found no keychain .*no such library/);
      assert.match(error.message, /\[keychain_unavailable\]$/);
      return true;
    });
    assert.deepEqual((await readdir(options.directory)).sort(), ["calls", "child.mjs"]);
  });

  test("stops at a locked keychain, which the next binding would meet as well", async (t) => {
    const { options } = await fakeChild(
      t,
      store(fails('binding === "keytar"', "call", "Cannot create an item in a locked collection")),
    );
    await assert.rejects(chooseKeychain("auto", options), {
      code: "keychain_locked",
      message: /unlock.*openclaw onboard --auth-choice minimax-portal/i,
    });
  });

  test("refuses a store that forgets what was written", async (t) => {
    const { options } = await fakeChild(
      t,
      store('if (operation === "get") { answer({ ok: true }); process.exit(); }'),
    );
    await assert.rejects(chooseKeychain("keytar", options), {
      code: "keychain_refused",
      message: /did not give back/,
    });
    assert.deepEqual(await items(options.directory), []);
  });

  for (const [operation, nth] of [
    ["set", 2],
    ["get", 2],
  ] as const) {
    test(`goes on when a prompt is shown for each ${operation} that is not the first`, async (t) => {
      const asks = `
        const calls = readFileSync(folder + "/calls", "utf8").split("\\n");
        if (binding === "keytar" && operation === "${operation}" &&
          calls.filter((call) => call === "keytar ${operation}").length === ${nth}) { ${HANGS} await new Promise(() => {}); }`;
      const { options } = await fakeChild(t, store(asks));
      const impatient = { ...options, defaultDeadlineMs: 5000 };
      assert.equal((await chooseKeychain("auto", impatient)).store, "secret-service");
    });
  }

  test("does not go on to another store when one was named", async (t) => {
    const { options } = await fakeChild(t, store(fails('binding === "keytar"', "load", "no such library")));
    await assert.rejects(chooseKeychain("keytar", options), { code: "keychain_unavailable" });
  });

  test("removes its canary when the caller aborts in the middle", async (t) => {
    const { options, started } = await fakeChild(t, store());
    const abort = new AbortController();
    const { spawn } = options;
    if (spawn === undefined) throw new Error("no spawn");
    const abortAtSecondCall = ((...args: Parameters<typeof spawn>) => {
      if (started.length === 1) abort.abort(new Error("Ctrl-C"));
      return spawn(...args);
    }) as typeof spawn;
    const choice = chooseKeychain(
      "keytar",
      { ...options, spawn: abortAtSecondCall },
      { signal: abort.signal },
    );
    await assert.rejects(choice, /Ctrl-C/);
    assert.deepEqual(await items(options.directory), []);
  });

  test("takes keytar when it works, and keeps nothing of the test", async (t) => {
    const { options } = await fakeChild(t, store());
    assert.equal((await chooseKeychain("auto", options)).store, "keytar");
    assert.deepEqual(await items(options.directory), []);
  });

  test("goes on to the pinned Secret Service when keytar cannot be loaded", async (t) => {
    const { options } = await fakeChild(t, store(fails('binding === "keytar"', "load", "no such library")));
    assert.equal((await chooseKeychain("auto", options)).store, "secret-service");
  });

  test("goes on when keytar's binary crashes", async (t) => {
    const { options } = await fakeChild(
      t,
      store('if (binding === "keytar") process.kill(process.pid, "SIGSEGV");'),
    );
    assert.equal((await chooseKeychain("auto", options)).store, "secret-service");
  });

  test("takes the encrypted file when named, and keeps nothing of the test", async (t) => {
    const directory = await temporaryDirectory(t);
    const env = { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "correct horse" };
    const options = { childPath: "/nonexistent", env, directory };
    assert.equal((await chooseKeychain("encrypted-file", options)).store, "encrypted-file");
    assert.deepEqual(await readdir(directory), []);
  });
});

async function items(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith("item-"));
}
