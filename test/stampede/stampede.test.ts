import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startPortal } from "../../fixtures/portal/index.ts";
import { createAuth } from "../../src/index.ts";
import type { Answers, Start } from "./process.ts";

const PROCESSES = 32;
const REQUESTS = 100;
const LIFE = 3_600_000;
const env = { PATH: process.env.PATH, OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "a passphrase for a test" };

test(`${PROCESSES} processes with ${REQUESTS} requests each meet an ended token: one call, one token for all`, async (t) => {
  const portal = await startPortal({ settings: { autoApprove: "approve", accessTokenLifeMs: LIFE } });
  const directory = mkdtempSync(join(tmpdir(), "stampede-"));
  const children: ChildProcess[] = [];
  t.after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await portal.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const { url } = portal.regions.global;
  // Signed in two hours ago.
  const ago = { now: () => Date.now() - 2 * LIFE, monotonic: () => performance.now(), sleep: async () => {} };
  portal.advanceClock(-2 * LIFE);
  await createAuth({
    keychainChild: "unused",
    stateDirectory: directory,
    env,
    tokenStore: "encrypted-file",
    endpoints: { global: { authorization: url, inference: `${url}/anthropic` } },
    clock: ago,
  }).signIn({ account: "default", region: "global", show: async () => {}, onWait: () => {} });
  portal.advanceClock(2 * LIFE);
  portal.resetRecord();

  for (let index = 0; index < PROCESSES; index++) {
    children.push(fork(join(import.meta.dirname, "process.ts"), { env, execArgv: [] }));
  }
  await Promise.all(children.map((child) => once(child, "message")));
  const answers = await Promise.all(
    children.map(async (child) => {
      const start: Start = { directory, portal: url, requests: REQUESTS };
      child.send(start);
      const [answer] = await once(child, "message");
      return answer as Answers;
    }),
  );

  const answered = answers.reduce((sum, each) => sum + each.answered, 0);
  const different = new Set(answers.flatMap(({ got }) => got));
  const calls = portal.record.tokenCalls;
  const last = Math.max(...answers.map(({ ms }) => ms));
  t.diagnostic(
    `${answered} requests, ${different.size} token, ${calls.length} call, last waiter after ${Math.round(last)} ms`,
  );
  assert.equal(answered, PROCESSES * REQUESTS);
  assert.deepEqual(
    calls.map(({ grant, outcome }) => [grant, outcome]),
    [["refresh_token", "success"]],
  );
  const newest = portal.record.issuedTokens.findLast(({ kind }) => kind === "access");
  assert.deepEqual([...different], [newest?.value]);
});
