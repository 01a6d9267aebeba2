import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { describe, test } from "node:test";
import { secretTool } from "../../fixtures/secret-service/secret-tool.ts";
import { startSecretService } from "../../fixtures/secret-service/start.ts";
import { openKeychain, SERVICE } from "../../src/keychain/index.ts";
import { until } from "../support/until.ts";
import { NEEDS_SERVICE, optionsFor } from "./real-service.ts";

describe("the throwaway Secret Service", NEEDS_SERVICE, () => {
  test("leaves this process's environment as it was", async (t) => {
    const before = { ...process.env };
    const service = await startSecretService();
    t.after(() => service.stop());
    assert.deepEqual({ ...process.env }, before);
  });

  test("holds what other programs store in it", async (t) => {
    const service = await startSecretService();
    t.after(() => service.stop());
    await secretTool({ ...service.env }, ["store", "--label=x", "kind", "test"], "found");
    assert.equal((await secretTool({ ...service.env }, ["lookup", "kind", "test"])).stdout, "found");
  });

  test("shows every item, however large they are", async (t) => {
    const service = await startSecretService();
    t.after(() => service.stop());
    const keychain = openKeychain("secret-service", optionsFor(service));
    const names = ["one", "two", "three"];
    for (const name of names) await keychain.set(name, "v".repeat(700_000));
    const found = await secretTool({ ...service.env }, ["search", "--all", "service", SERVICE]);
    assert.equal(found.code, 0);
    const shown = found.stdout.match(/^label = .*/gm) ?? [];
    assert.deepEqual(shown.toSorted(), names.map((name) => `label = keyring:${name}@${SERVICE}`).toSorted());
  });

  test("leaves no process and no file behind, even when frozen", async () => {
    const service = await startSecretService();
    process.kill(service.daemonPid, "SIGSTOP");
    await service.stop();
    assert.equal(isAlive(service.daemonPid), false);
    assert.equal(existsSync(service.directory), false);
  });

  test("ends with the process that started it, even when that is killed", async (t) => {
    const start = new URL("../../fixtures/secret-service/start.ts", import.meta.url);
    const script = `
      const { startSecretService } = await import(${JSON.stringify(start.href)});
      const { daemonPid, directory } = await startSecretService();
      console.log(JSON.stringify({ daemonPid, directory }));`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script]);
    const [line] = await parent.stdout.take(1).toArray();
    const { daemonPid, directory } = JSON.parse(String(line));
    t.after(() => rm(directory, { recursive: true, force: true }));
    parent.kill("SIGKILL");
    await until(() => !isAlive(daemonPid));
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
