import type { Condition, World } from "./contender.ts";
import type { Sample } from "./sampling.ts";

export const CONTENDERS = ["ours", "google", "octokit", "msal", "aws", "openclaw"] as const;
export type ContenderId = (typeof CONTENDERS)[number];

/** What a child process is to do. It holds no secret: the child signs in by itself. */
export interface Job {
  readonly contender: ContenderId;
  readonly world: World;
  readonly condition: Condition;
  readonly task: TaskName;
  /** On the store that a job `prepare` left behind. */
  readonly shared: boolean;
  /** Where a token proves that it is live. */
  readonly useUrl: string;
}

/** What a child answers, by task. Times are ms unless they are in a `Sample`. */
export interface Answers {
  prepare: null;
  /** Calls of a process at rest; `stuck` when not even the first came back in time. */
  steady: Sample | { readonly stuck: true };
  /** A request through our hook and the host's own alone. */
  request: { readonly wrapped: Sample; readonly bare: Sample };
  /** Many callers at once, in one process. */
  stampede: { readonly ms: number; readonly live: number; readonly failed: number };
  /** One caller; with others of its kind in other processes. */
  race: { readonly live: boolean };
  /** The first token of a process that has just begun. */
  cold: { readonly live: boolean };
  /** Bytes of heap that one more account takes. */
  memory: { readonly bytes: number };
}
export type TaskName = keyof Answers;

export const CALLERS = 100;
export const ACCOUNTS = 64;
/** A call that has not come back by then counts as waiting for the endpoint, ms. */
export const STUCK_AFTER_MS = 3000;

/** From the child: it is ready to begin; the token is there; the answer. */
export type FromChild =
  | { readonly kind: "ready" }
  | { readonly kind: "done" }
  | { readonly kind: "answer"; readonly answer: Answers[TaskName] }
  | { readonly kind: "failed"; readonly message: string };
/** To the child: the job; begin; look whether the token is live. */
export type ToChild = { readonly kind: "job"; readonly job: Job } | { readonly kind: "go" | "use" };
