import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Answers, FromChild, Job, TaskName, ToChild } from "./job.ts";

const CHILD = join(import.meta.dirname, "child.ts");
const DEADLINE_MS = 180_000;

/** A child process with a job, step by step. */
export interface Running<Name extends TaskName> {
  /** When the process was started, `performance.now()`. */
  readonly startedAt: number;
  /** Waits for `ready` or `done`. @throws Error when the child failed */
  reached(kind: "ready" | "done"): Promise<void>;
  tell(message: ToChild): void;
  /** Its answer; the process has then ended. @throws Error when the child failed */
  answer(): Promise<Answers[Name]>;
}

/** Starts a job in a process of its own, with a HOME of its own and none of our variables. */
export function startJob<Name extends TaskName>(
  job: Job & { readonly task: Name },
  extraEnv: Readonly<Record<string, string>> = {},
): Running<Name> {
  const startedAt = performance.now();
  const child = fork(CHILD, [], {
    env: environment(job, extraEnv),
    execArgv: ["--expose-gc", "--no-warnings"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const inbox = createInbox(child, job);
  const tell = (message: ToChild) => void child.send(message);
  tell({ kind: "job", job });
  return {
    startedAt,
    tell,
    reached: async (kind) => void (await inbox.next(kind)),
    async answer() {
      const { answer } = await inbox.next("answer");
      return answer as Answers[Name];
    },
  };
}

export async function runJob<Name extends TaskName>(
  job: Job & { readonly task: Name },
  extraEnv: Readonly<Record<string, string>> = {},
): Promise<Answers[Name]> {
  return startJob(job, extraEnv).answer();
}

function environment({ world: { directory } }: Job, extra: Readonly<Record<string, string>>) {
  const home = join(directory, "home");
  mkdirSync(home, { recursive: true });
  const { PATH = "", TMPDIR, SystemRoot } = process.env;
  const system = { PATH, ...(TMPDIR ? { TMPDIR } : {}), ...(SystemRoot ? { SystemRoot } : {}) };
  return {
    ...system,
    HOME: home,
    USERPROFILE: home,
    OPENCLAW_STATE_DIR: join(directory, "openclaw"),
    ...extra,
  };
}

/** What the child says, in order, and its end as a failure. */
function createInbox(child: ChildProcess, { contender, task }: Job) {
  const messages: FromChild[] = [];
  let stderr = "";
  let wake = () => {};
  const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    stderr = (stderr + text).slice(-2000);
  });
  child.on("message", (message: FromChild) => {
    messages.push(message);
    wake();
  });
  const ended = (how: string) => {
    clearTimeout(timer);
    messages.push({ kind: "failed", message: `its process ended (${how}): ${stderr.trim()}` });
    wake();
  };
  child.on("error", (error) => ended(error.message));
  // Not "exit": that may come before the last message.
  child.on("close", (code, signal) => ended(String(signal ?? code)));

  return {
    async next<Kind extends FromChild["kind"]>(kind: Kind): Promise<Extract<FromChild, { kind: Kind }>> {
      while (messages.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const message = messages.shift();
      if (message?.kind === kind) return message as Extract<FromChild, { kind: Kind }>;
      child.kill("SIGKILL");
      const why =
        message?.kind === "failed" ? message.message : `it said ${message?.kind} instead of ${kind}`;
      throw new Error(`${contender}, ${task}: ${why}`);
    },
  };
}
