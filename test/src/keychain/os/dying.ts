import type { FileHandle } from "node:fs/promises";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import type { TestContext } from "node:test";

const STEPS = ["mkdir", "rename", "rm", "unlink", "readdir"] as const;
const HANDLE_STEPS = ["writeFile", "sync"] as const;

/**
 * Runs `work` and has the process die before its `step`-th call of the file system, as far as the disk can
 * tell: that call and all that follow it are never made. `work` gets a function that is such a call itself,
 * for what else survives the process.
 * @returns whether it died; otherwise `work` ended before
 */
export async function dieBeforeStep(
  t: TestContext,
  step: number,
  work: (takeStep: () => Promise<void>) => Promise<unknown>,
): Promise<boolean> {
  const death = Promise.withResolvers<true>();
  let taken = 0;
  const dying = <A extends unknown[], R>(original: (...args: A) => Promise<R>) =>
    async function (this: unknown, ...args: A): Promise<R> {
      if (++taken < step) return original.apply(this, args);
      death.resolve(true);
      return new Promise<R>(() => {});
    };
  const opened: FileHandle[] = [await fs.open(import.meta.filename)];
  const open = dying(fs.open);
  const prototype = Object.getPrototypeOf(opened[0]);
  const mocks = [
    ...STEPS.map((name) => t.mock.method(fs, name, dying(fs[name] as never))),
    ...HANDLE_STEPS.map((name) => t.mock.method(prototype, name, dying(prototype[name]))),
    t.mock.method(fs, "open", async (...args: Parameters<typeof open>) => {
      const handle = await open(...args);
      opened.push(handle);
      return handle;
    }),
  ];
  syncBuiltinESMExports();
  try {
    const takeStep = dying(async () => {});
    return await Promise.race([work(takeStep).then(() => false), death.promise]);
  } finally {
    for (const each of mocks) each.mock.restore();
    syncBuiltinESMExports();
    for (const handle of opened) await handle.close();
  }
}
