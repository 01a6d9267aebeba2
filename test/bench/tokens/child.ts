// One contender, one job, one process: so no contender warms, slows or feeds another.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type ContenderModule, tokenOf } from "./contender.ts";
import {
  ACCOUNTS,
  type Answers,
  CALLERS,
  type FromChild,
  type Job,
  STUCK_AFTER_MS,
  type ToChild,
} from "./job.ts";
import { sample } from "./sampling.ts";

type Tasks = { [Name in keyof Answers]: (job: Job, contender: ContenderModule) => Promise<Answers[Name]> };

const tell = (message: FromChild): Promise<void> =>
  new Promise((resolve) => void process.send?.(message, () => resolve()));

async function hear<Kind extends ToChild["kind"]>(kind: Kind): Promise<Extract<ToChild, { kind: Kind }>> {
  const [message] = (await once(process, "message")) as [ToChild];
  if (message.kind !== kind) throw new Error(`Heard ${message.kind} instead of ${kind}.`);
  return message as Extract<ToChild, { kind: Kind }>;
}

async function isLive(url: string, token: string): Promise<boolean> {
  const body = JSON.stringify({
    model: "MiniMax-M3",
    max_tokens: 1,
    messages: [{ role: "user", content: "hi" }],
  });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body })).ok;
}

const tasks: Tasks = {
  async prepare({ world, condition }, { prepare }) {
    await prepare?.(world, condition);
    return null;
  },

  async steady({ world, condition, shared }, { open }) {
    const { ask, textOf } = await open(world, condition, shared);
    await tell({ kind: "ready" });
    await hear("go");
    const first = await Promise.race([ask(), sleep(STUCK_AFTER_MS)]);
    return first === undefined ? { stuck: true } : sample(ask, textOf);
  },

  async request({ world, condition, shared }, { open }) {
    const { ask, request } = await open(world, condition, shared);
    if (!request) throw new Error("This contender has no hook.");
    await ask();
    return { bare: await sample(request.bare, nothing), wrapped: await sample(request.wrapped, nothing) };
  },

  async stampede({ world, condition, shared, useUrl }, { open }) {
    const contender = await open(world, condition, shared);
    await contender.warm?.();
    await tell({ kind: "ready" });
    await hear("go");
    const start = performance.now();
    const results = await Promise.allSettled(Array.from({ length: CALLERS }, () => tokenOf(contender)));
    const ms = performance.now() - start;
    await tell({ kind: "done" });
    await hear("use");
    const tokens = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const worth = new Map<string, boolean>();
    for (const each of new Set(tokens)) worth.set(each, await isLive(useUrl, each));
    const live = tokens.filter((each) => worth.get(each)).length;
    return { ms, live, failed: CALLERS - tokens.length };
  },

  async race({ world, condition, shared, useUrl }, { open }) {
    const contender = await open(world, condition, shared);
    await contender.warm?.();
    await tell({ kind: "ready" });
    await hear("go");
    const text = await tokenOf(contender).catch(() => undefined);
    await tell({ kind: "done" });
    await hear("use");
    return { live: text !== undefined && (await isLive(useUrl, text)) };
  },

  async cold({ world, condition, shared, useUrl }, { open }) {
    const text = await tokenOf(await open(world, condition, shared));
    await tell({ kind: "done" });
    await hear("use");
    return { live: await isLive(useUrl, text) };
  },

  async memory({ world }, { addAccount }) {
    const kept = [await addAccount(world, 0)];
    const before = heap();
    for (let index = 1; index <= ACCOUNTS; index++) kept.push(await addAccount(world, index));
    const bytes = (heap() - before) / ACCOUNTS;
    return kept.length > 0 ? { bytes } : { bytes: 0 };
  },
};

const nothing = () => "";

function heap(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

try {
  const { job } = await hear("job");
  const contender: ContenderModule = await import(`./contenders/${job.contender}.ts`);
  const answer = await tasks[job.task](job, contender);
  await tell({ kind: "answer", answer });
} catch (error) {
  await tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
}
process.exit(0);
