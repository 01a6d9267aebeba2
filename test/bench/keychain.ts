import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { startSecretService } from "../../fixtures/secret-service/start.ts";
import { CHILD_FILE, type KeychainOptions, openKeychain } from "../../src/keychain/index.ts";
import { inTurns, type Measure, median } from "./measure.ts";
import type { Report, Section } from "./report.ts";

const RUNS = 100;
/** A person does not notice it, and a request never waits for it: the token is in memory. */
const LIMIT_MS = 100;
const ROOT = dirname(dirname(import.meta.dirname));
/** About what a sign-in's record has. */
const VALUE = "0123456789abcdef".repeat(128);

/** What a keychain call costs through each binding, the start of its child process included. */
export async function keychain(): Promise<Report> {
  const service = await startSecretService();
  try {
    const options: KeychainOptions = {
      childPath: join(ROOT, "dist", CHILD_FILE),
      env: { PATH: process.env.PATH, ...service.env },
      directory: service.directory,
    };
    const keytar = openKeychain("keytar", options);
    const napi = openKeychain("secret-service", options);
    const times = await inTurns(
      {
        "keytar: set": timed(() => keytar.set("bench", VALUE)),
        "keytar: get": timed(() => keytar.get("bench")),
        "@napi-rs/keyring: set": timed(() => napi.set("bench", VALUE)),
        "@napi-rs/keyring: get": timed(() => napi.get("bench")),
        "of that, an empty Node process": timed(emptyProcess),
      },
      RUNS,
    );
    return [section(times)];
  } finally {
    await service.stop();
  }
}

function section(times: Readonly<Record<string, readonly number[]>>): Section {
  return {
    title: `A keychain call on gnome-keyring, median of ${RUNS}, in turns`,
    figures: Object.entries(times).map(([name, values]) => ({
      name,
      value: median(values),
      unit: "ms",
      limit: LIMIT_MS,
      remark: `p99 ${percentile(values, 0.99).toFixed(1)} ms`,
    })),
  };
}

function timed(call: () => Promise<unknown>): Measure {
  return async () => {
    const start = performance.now();
    await call();
    return performance.now() - start;
  };
}

/** The part of a call that no binding can save. */
async function emptyProcess(): Promise<void> {
  await once(spawn(process.execPath, ["-e", ""], { stdio: "ignore" }), "exit");
}

/** The value that the given share of all values do not exceed. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.ceil(share * sorted.length) - 1];
  if (value === undefined) throw new Error("No values, no percentile.");
  return value;
}
