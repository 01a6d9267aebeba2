import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import type { Ended, Report, Task } from "./task.ts";

export interface Programs {
  /** Runs one task in a new process, which may die of it. */
  run(task: Task): Promise<Report>;
  /** Runs a task in a process that lives on. */
  survive(task: Task): Promise<Ended>;
  /** Ends the process that lives on. */
  close(): Promise<void>;
}

/** The program of the kill runs in few files, because it is started thousands of times. */
export async function bundlePrograms(): Promise<Programs> {
  const directory = mkdtempSync(join(tmpdir(), "chaos-programs-"));
  await build({
    entryPoints: { process: join(import.meta.dirname, "process.ts") },
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    absWorkingDir: dirname(dirname(import.meta.dirname)),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    splitting: true,
    // Some bundled packages are CommonJS and ask for Node's own modules.
    banner: {
      js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);',
    },
    logLevel: "warning",
  });
  const program = join(directory, "process.mjs");
  // So that the second process starts faster than the first.
  const env = { NODE_COMPILE_CACHE: join(directory, "cache"), PATH: process.env.PATH };
  const survivor = fork(program, { env, execArgv: [] });
  let before: Promise<unknown> = Promise.resolve();
  return {
    async run(task) {
      const child = spawn(process.execPath, [program, JSON.stringify(task)], {
        stdio: ["ignore", "pipe", "inherit"],
        env,
      });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      await once(child, "close");
      return JSON.parse(text);
    },
    survive(task) {
      const answer = before.then(async () => {
        survivor.send(task);
        const [ended] = await once(survivor, "message");
        return ended as Ended;
      });
      before = answer.catch(() => {});
      return answer;
    },
    async close() {
      survivor.kill();
      await once(survivor, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
