import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, type TestContext, test } from "node:test";
import { type SecretService, startSecretService } from "../../fixtures/secret-service/start.ts";
import { openKeychain } from "../../src/keychain/index.ts";
import { until } from "../support/until.ts";
import { BINDINGS, NEEDS_SERVICE, optionsFor } from "./real-service.ts";

// Of the signals the child ignores the one that Node by itself does not catch.
const SIGHUP_BIT = 1n;

// A refreshed token replaces one that the provider no longer accepts: losing this write loses the login.
describe("a write that its process does not live to see", NEEDS_SERVICE, () => {
  for (const store of BINDINGS) {
    test(`still arrives when the whole group is stopped (${store})`, async (t) => {
      const service = await frozenService(t);
      const { parent, child } = await startWriting(service, store, 20_000);
      process.kill(child, "SIGTERM");
      parent.kill("SIGKILL");
      process.kill(service.daemonPid, "SIGCONT");
      const keychain = openKeychain(store, optionsFor(service));
      await until(async () => (await keychain.get("default")) === "rotated");
    });

    test(`does not stay as a process when the keychain never answers (${store})`, async (t) => {
      const service = await frozenService(t);
      const { parent, child } = await startWriting(service, store, 5000);
      parent.kill("SIGKILL");
      await until(() => !isAlive(child));
    });
  }
});

async function frozenService(t: TestContext): Promise<SecretService> {
  const service = await startSecretService();
  t.after(() => service.stop());
  process.kill(service.daemonPid, "SIGSTOP");
  return service;
}

/** A process whose child has begun to write "rotated". */
async function startWriting(service: SecretService, store: string, deadlineMs: number) {
  const index = new URL("../../src/keychain/index.ts", import.meta.url).href;
  const script = `
    const { openKeychain } = await import(${JSON.stringify(index)});
    const keychain = openKeychain(${JSON.stringify(store)}, ${JSON.stringify(optionsFor(service))});
    await keychain.set("default", "rotated", { deadlineMs: ${deadlineMs} });`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  let child: number | undefined;
  await until(() => {
    child = Number(read(`/proc/${parent.pid}/task/${parent.pid}/children`).trim().split(" ")[0]);
    return child > 0 && ignoresSignals(child);
  });
  assert.ok(child !== undefined);
  return { parent, child };
}

function ignoresSignals(pid: number): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? "0";
  return (BigInt(`0x${caught}`) & SIGHUP_BIT) !== 0n;
}

function isAlive(pid: number): boolean {
  const status = read(`/proc/${pid}/status`);
  return status !== "" && !/^State:\s+[ZX]/m.test(status);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // not there yet, or no longer
  }
}
