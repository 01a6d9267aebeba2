import type { Progress } from "./kill-points.ts";

/** What one process of a kill run does. */
export interface Task {
  readonly work: "use a token" | "sign in";
  /** The state directory. */
  readonly directory: string;
  /** The shell script that stands in for the keychain's child. */
  readonly keychain: string;
  /** Origin of the stand-in portal. */
  readonly portal: string;
  /** Which of its points it dies at, from 1; 0: none. */
  readonly dieAt: number;
}

/** How a process's work ended. */
export interface Ended {
  /** "killed", "accepted", "signed in", "HTTP 401" or an error's code. */
  readonly outcome: string;
  /** Whether the error tells of an interrupted refresh. */
  readonly interrupted: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The last words of a process that may die. */
export type Report = Ended & Progress;
