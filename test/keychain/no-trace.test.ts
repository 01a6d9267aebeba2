import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { scanForSecrets } from "../../fixtures/openclaw/secret-scan.ts";
import { type Portal, startPortal } from "../../fixtures/portal/index.ts";
import { type SecretService, startSecretService } from "../../fixtures/secret-service/start.ts";
import { NEEDS_SERVICE } from "./real-service.ts";

const DEEDS = 100;
/** A worker is killed after its second sign-in or refresh, its third, and so on, or in the middle of the next. */
const DEEDS_OF_WORKERS = [2, 3, 4, 5, 6];
const CHECK_EVERY_MS = 10;

describe("100 sign-ins and refreshes, with kills in the middle of them", NEEDS_SERVICE, () => {
  test("leave no token in a file, a command line, an environment or an output", async (t) => {
    const service = await startSecretService();
    t.after(() => service.stop());
    const portal = await startPortal({ settings: { autoApprove: "approve", reuseRevokesFamily: false } });
    t.after(() => portal.close());
    const seen: Seen = { texts: new Set(), children: new Set() };
    let deeds = 0;
    let kills = 0;
    while (deeds < DEEDS) {
      const enough = DEEDS_OF_WORKERS[kills % DEEDS_OF_WORKERS.length] ?? 1;
      deeds += await runWorker(service, portal, seen, enough, (kills % 4) * 60);
      kills++;
    }
    const secrets = [...portal.record.issuedTokens.map(({ value }) => value), ...portal.record.verifiers];
    t.diagnostic(
      `${deeds} sign-ins and refreshes, ${kills} kills, ${secrets.length} secrets, ${seen.children.size} keychain calls looked at`,
    );
    assert.ok(secrets.length > 2 * DEEDS);
    assert.ok(seen.children.size > DEEDS, "most keychain calls were looked at while they ran");
    for (const text of seen.texts) {
      assert.ok(!secrets.some((secret) => text.includes(secret)), text.slice(0, 80));
    }
    assert.deepEqual(scanForSecrets([service.directory], secrets), []);
  });

  test("would be seen if they did", async (t) => {
    const seen: Seen = { texts: new Set(), children: new Set() };
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 20_000)", "a-token"], {
      env: { CARRIED: "another-token" },
    });
    t.after(() => child.kill("SIGKILL"));
    await new Promise((resolve) => child.once("spawn", resolve));
    look(process.pid, seen);
    assert.ok([...seen.texts].some((text) => text.includes("a-token")));
    assert.ok([...seen.texts].some((text) => text.includes("another-token")));
  });
});

interface Seen {
  /** Command lines, environments and outputs. */
  readonly texts: Set<string>;
  /** Process ids of keychain calls. */
  readonly children: Set<number>;
}

/** @returns how often it signed in or refreshed before it was killed */
async function runWorker(
  { env, directory }: SecretService,
  portal: Portal,
  seen: Seen,
  enough: number,
  killAfterMs: number,
): Promise<number> {
  const cwd = join(directory, "worker");
  mkdirSync(cwd, { recursive: true });
  const script = join(import.meta.dirname, "signing-worker.ts");
  const worker = spawn(process.execPath, [script, portal.regions.global.url, join(directory, "state")], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const looking = setInterval(() => look(worker.pid ?? 0, seen), CHECK_EVERY_MS);
  worker.stderr.on("data", (data) => seen.texts.add(String(data)));
  let deeds = 0;
  for await (const line of createInterface({ input: worker.stdout })) {
    seen.texts.add(line);
    deeds++;
    if (deeds === enough) setTimeout(() => worker.kill("SIGKILL"), killAfterMs);
  }
  clearInterval(looking);
  assert.ok(deeds >= enough, `The worker ended by itself:\n${[...seen.texts].at(-1)}`);
  return deeds;
}

/** Notes the command lines and environments of a process and its children. */
function look(pid: number, { texts, children }: Seen): void {
  const ids = read(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);
  for (const id of [pid, ...ids]) {
    const command = read(`/proc/${id}/cmdline`);
    if (command.includes("keychain-child")) children.add(id);
    texts.add(command);
    texts.add(read(`/proc/${id}/environ`));
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it ended meanwhile
  }
}
