// A process of the kill runs: asks for a token and uses it, or signs in. Started with a task, it does that
// and ends, or dies at the point it is told. Started without, it takes tasks from its parent and survives.

import { writeSync } from "node:fs";
import { get } from "node:http";
import { systemClock } from "../../src/base/clock.ts";
import { type Auth, createAuth, isAuthError, reveal } from "../../src/index.ts";
import { watchEffects } from "./kill-points.ts";
import type { Ended, Report, Task } from "./task.ts";

// What the keychain's child is started with.
process.execPath = "/bin/sh";

async function perform(task: Task): Promise<Ended> {
  const auth = open(task);
  const startedAt = Date.now();
  const ended = (outcome: string, interrupted = false): Ended => {
    return { outcome, interrupted, startedAt, endedAt: Date.now() };
  };
  try {
    return ended(await (task.work === "sign in" ? signIn(auth) : useToken(auth)));
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return ended(error.code, error.message.includes("interrupted"));
  }
}

function open({ work, directory, keychain, portal }: Task): Auth {
  return createAuth({
    keychainChild: keychain,
    stateDirectory: directory,
    env: process.env,
    tokenStore: "keytar",
    endpoints: { global: { authorization: portal, inference: `${portal}/anthropic` } },
    clock: {
      ...systemClock,
      // Nobody is waited for at the sign-in page.
      sleep: (ms, signal) => systemClock.sleep(work === "sign in" ? Math.min(ms, 10) : ms, signal),
    },
  });
}

/** As a gateway with the plugin does it: a 401 is told, and the request made once more. */
async function useToken(auth: Auth): Promise<string> {
  const gateway = new AbortController();
  const keeping = auth.keepFresh("default", {
    signal: gateway.signal,
    onToken: () => {},
    onTrouble: () => {},
  });
  try {
    return await makeRequest(auth);
  } finally {
    gateway.abort();
    await keeping;
  }
}

async function makeRequest(auth: Auth): Promise<string> {
  let status: number | undefined;
  for (let attempt = 0; attempt < 2 && status !== 200; attempt++) {
    const { accessToken, baseUrl } = await auth.token("default");
    status = await statusOf(`${baseUrl}/v1/models`, reveal(accessToken));
    if (status === 401) auth.rejected("default", reveal(accessToken));
  }
  // A refresh behind a token that is still valid.
  await auth.flush();
  return status === 200 ? "accepted" : `HTTP ${status}`;
}

function statusOf(url: string, token: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    }).on("error", reject);
  });
}

async function signIn(auth: Auth): Promise<string> {
  await auth.signIn({ account: "default", region: "global", show: async () => {}, onWait: () => {} });
  return "signed in";
}

async function liveAndDie(task: Task): Promise<void> {
  const report = (ended: Ended) => writeSync(1, JSON.stringify({ ...ended, ...progress } satisfies Report));
  const progress = watchEffects((now) => {
    if (now.passed !== task.dieAt) return;
    report({ outcome: "killed", interrupted: false, startedAt: 0, endedAt: Date.now() });
    process.kill(process.pid, "SIGKILL");
    for (;;); // until the signal comes
  });
  report(await perform(task));
  process.exit(0);
}

if (process.argv[2] !== undefined) await liveAndDie(JSON.parse(process.argv[2]));
else process.on("message", async (task: Task) => process.send?.(await perform(task)));
