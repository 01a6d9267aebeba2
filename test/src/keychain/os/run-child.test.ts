import assert from "node:assert/strict";
import { type ChildProcess, execFile, type spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { openKeychain } from "../../../../src/keychain/index.ts";
import { fakeChild, HANGS } from "./fake-child.ts";

describe("a keychain call that fails", () => {
  test("is killed at its deadline, and says what may have happened", async (t) => {
    const { options, started } = await fakeChild(t, HANGS);
    const keychain = openKeychain("keytar", options);
    await assert.rejects(keychain.set("default", "v", { deadlineMs: 150 }), {
      code: "keychain_timed_out",
      message: /150 ms.*may or may not have been saved.*openclaw minimax-portal status/,
    });
    assert.equal(await endOf(started[0]), "SIGKILL");
  });

  test("is killed when the caller aborts, and rejects with the caller's reason", async (t) => {
    const { options, started } = await fakeChild(t, HANGS);
    const abort = new AbortController();
    const call = openKeychain("keytar", options).get("default", { signal: abort.signal });
    const reason = new Error("Ctrl-C");
    setImmediate(() => abort.abort(reason));
    await assert.rejects(call, (error) => error === reason);
    assert.equal(await endOf(started[0]), "SIGKILL");
  });

  test("starts no child when the caller has aborted before", async (t) => {
    const { options, started } = await fakeChild(t, HANGS);
    await assert.rejects(openKeychain("keytar", options).get("default", { signal: AbortSignal.abort() }), {
      name: "AbortError",
    });
    assert.equal(started.length, 0);
  });

  test("is reported when the child crashes, and the next call works", async (t) => {
    const script = `if (request.account === "bad") process.kill(process.pid, "SIGSEGV");
      else answer({ ok: true, value: "fine" });`;
    const { options } = await fakeChild(t, script);
    const keychain = openKeychain("keytar", options);
    await assert.rejects(keychain.get("bad"), { code: "keychain_unavailable", message: /SIGSEGV/ });
    assert.equal(await keychain.get("good"), "fine");
  });

  test("is reported when the child exits without an answer", async (t) => {
    const { options } = await fakeChild(t, "process.exit(3);");
    await assert.rejects(openKeychain("keytar", options).get("default"), {
      code: "keychain_unavailable",
      message: /exit code 3/,
    });
  });

  test("has timed out when the child ended itself over a deadline that this process slept through", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { options } = await fakeChild(t, "process.exit(3);");
    const call = openKeychain("keytar", options).get("default", { deadlineMs: 1 });
    await assert.rejects(call, { code: "keychain_timed_out" });
  });

  for (const garbage of [
    "not JSON",
    "null",
    "[]",
    "{}",
    '{"ok":true,"value":7}',
    '{"ok":false}',
    '{"ok":1}',
  ]) {
    test(`is reported when the child answers ${garbage}, which is not repeated`, async (t) => {
      const { options } = await fakeChild(t, `console.log(${JSON.stringify(garbage)});`);
      await assert.rejects(openKeychain("keytar", options).get("default"), (error: Error) => {
        assert.match(error.message, /could not be read.*\[keychain_unavailable\]/);
        return !error.message.includes(garbage);
      });
    });
  }

  test("is reported when the child never ends its line", async (t) => {
    const script = `const block = "x".repeat(1 << 20); const go = () => process.stdout.write(block, go); go();`;
    const { options } = await fakeChild(t, script);
    await assert.rejects(openKeychain("keytar", options).get("default"), {
      code: "keychain_unavailable",
      message: /could not be read/,
    });
  });

  test("tells to start OpenClaw anew when an update took the script away from under it, with its path", async (t) => {
    const { options } = await fakeChild(t, "");
    const childPath = `${options.directory}/missing.mjs`;
    await assert.rejects(openKeychain("keytar", { ...options, childPath }).get("default"), (error: Error) => {
      assert.match(error.message, /is gone, as after an update.*gateway restart.*\[keychain_unavailable\]/);
      return error.message.includes(childPath);
    });
  });

  test("tells to start OpenClaw anew when an update took Node away from under it", async (t) => {
    const { options } = await fakeChild(t, HANGS);
    const spawn = (() => {
      throw Object.assign(new Error("spawn ENOENT"), { code: "ENOENT" });
    }) as unknown as typeof import("node:child_process").spawn;
    await assert.rejects(openKeychain("keytar", { ...options, spawn }).get("default"), {
      code: "keychain_unavailable",
      message: /is gone, as after an update.*openclaw gateway restart/,
    });
  });

  test("is reported when no process can be started", async (t) => {
    const { options } = await fakeChild(t, "");
    const failing = (() => {
      throw Object.assign(new Error("no more processes"), { code: "EAGAIN" });
    }) as unknown as typeof spawn;
    await assert.rejects(openKeychain("keytar", { ...options, spawn: failing }).get("default"), {
      code: "keychain_unavailable",
      message: /EAGAIN/,
    });
  });

  test("does not repeat a value that the binding quotes or prints", async (t) => {
    const script = `console.error(request.value);
      answer({ ok: false, phase: "call", message: "cannot store " + request.value + "\\u001b[31m" });`;
    const { options } = await fakeChild(t, script);
    await assert.rejects(openKeychain("keytar", options).set("default", "token-123"), (error: Error) => {
      assert.match(error.message, /cannot store \[secret\]/);
      assert.ok(!error.message.includes("\u001b"));
      return !error.message.includes("token-123");
    });
  });

  for (const [value, fault] of [
    ["", "empty"],
    ["a\0b", "NUL"],
    ["\ud800", "well-formed"],
  ] as const) {
    test(`is refused before it starts when the value is ${JSON.stringify(value)}`, async (t) => {
      const { options, started } = await fakeChild(t, "");
      await assert.rejects(openKeychain("keytar", options).set("default", value), {
        code: "keychain_refused",
        message: new RegExp(fault),
      });
      assert.equal(started.length, 0);
    });
  }

  test("does not keep the process from ending once it was given up", async (t) => {
    const { options } = await fakeChild(t, HANGS);
    const index = new URL("../../../../src/keychain/index.ts", import.meta.url).href;
    const script = `
      const { openKeychain } = await import(${JSON.stringify(index)});
      const keychain = openKeychain("keytar", ${JSON.stringify({ ...options, spawn: undefined })});
      const signal = AbortSignal.timeout(100);
      await keychain.get("default", { signal, deadlineMs: 60_000 }).catch(() => console.log("given up"));`;
    const limits = { timeout: 20_000, killSignal: "SIGKILL" } as const;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "-e", script],
      limits,
    );
    assert.equal(stdout, "given up\n");
  });
});

describe("a keychain call", () => {
  test("gives its request on stdin only", async (t) => {
    const script = `answer({ ok: true, value: JSON.stringify({ request, argv: process.argv.slice(2), env: process.env }) });`;
    const { options } = await fakeChild(t, script);
    const env = {
      ...options.env,
      NODE_OPTIONS: "--no-deprecation",
      OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "p",
      XDG_RUNTIME_DIR: "/run/user/1",
    };
    const seen = JSON.parse((await openKeychain("keytar", { ...options, env }).get("default")) ?? "");
    assert.deepEqual(seen.argv, []);
    assert.equal(seen.request.service, "openclaw-minimax-portal");
    assert.equal(seen.env.XDG_RUNTIME_DIR, "/run/user/1");
    assert.equal(seen.env.NODE_OPTIONS, undefined);
    assert.equal(seen.env.OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE, undefined);
  });

  test("works from a folder with spaces and letters of any script", async (t) => {
    const { options } = await fakeChild(
      t,
      `answer({ ok: true, value: folder });`,
      "Ünï cödé 密钥 & 'quotes'",
    );
    assert.equal(await openKeychain("keytar", options).get("default"), options.directory);
  });

  test("waits for the one before it, also from another keychain object", async (t) => {
    const script = `
      import { mkdirSync, rmdirSync } from "node:fs";
      mkdirSync(folder + "/busy"); // fails if another child is in here
      setTimeout(() => { rmdirSync(folder + "/busy"); answer({ ok: true, value: request.account }); }, 20);`;
    const { options } = await fakeChild(t, script);
    const calls = ["a", "b", "c"].map((account, i) =>
      openKeychain(i === 1 ? "keytar" : "secret-service", options).get(account),
    );
    assert.deepEqual(await Promise.all(calls), ["a", "b", "c"]);
  });

  test("waits in line no longer than its own deadline, and lets the next pass", async (t) => {
    const script = `if (request.account === "slow") ${HANGS} else answer({ ok: true, value: "fast" });`;
    const { options, started } = await fakeChild(t, script);
    const keychain = openKeychain("keytar", options);
    const abort = new AbortController();
    const slow = keychain.get("slow", { signal: abort.signal });
    const impatient = keychain.get("default", { deadlineMs: 50 });
    const unhurried = keychain.get("default");
    await assert.rejects(impatient, { code: "keychain_timed_out" });
    assert.equal(started.length, 1);
    abort.abort(new Error("enough"));
    await assert.rejects(slow, /enough/);
    assert.equal(await unhurried, "fast");
  });

  test("has its answer although the child never ends", async (t) => {
    const { options, started } = await fakeChild(t, `answer({ ok: true, value: "v" }); ${HANGS}`);
    assert.equal(await openKeychain("keytar", options).get("default"), "v");
    assert.equal(await endOf(started[0]), "SIGKILL");
  });
});

/** How the child ended: the signal, or the exit code. */
async function endOf(child: ChildProcess | undefined): Promise<string | number | null> {
  if (child === undefined) throw new Error("No child was started.");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.signalCode ?? child.exitCode;
}
