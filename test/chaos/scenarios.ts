import type { Task } from "./task.ts";

export interface Scenario {
  readonly name: string;
  readonly work: Task["work"];
  /** What is left of the stored token's life, ms; undefined: nobody has signed in. */
  readonly leftMs: number | undefined;
  /** Of all runs, as a share. */
  readonly share: number;
}

const MINUTE = 60_000;

export const SCENARIOS: readonly Scenario[] = [
  { name: "refresh of an ended token", work: "use a token", leftMs: -MINUTE, share: 0.6 },
  { name: "refresh behind a valid token", work: "use a token", leftMs: MINUTE, share: 0.15 },
  { name: "sign-in over a sign-in", work: "sign in", leftMs: -MINUTE, share: 0.15 },
  { name: "first sign-in", work: "sign in", leftMs: undefined, share: 0.1 },
];
