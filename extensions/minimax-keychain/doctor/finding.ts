import { type AuthError, isAuthError } from "../../../src/index.ts";

/** "unchecked" is never taken for "ok". A warning works, but is worth a look. */
export type Verdict = "ok" | "problem" | "warning" | "unchecked";

export interface Finding {
  /** What was checked. */
  readonly check: string;
  readonly verdict: Verdict;
  /** Stable, its own for each fault; `ok` and `not_checked` otherwise. */
  readonly code: string;
  readonly text: string;
  readonly fix?: string;
}

export const ok = (check: string, text: string): Finding => ({ check, verdict: "ok", code: "ok", text });

export const unchecked = (check: string, why: string): Finding => ({
  check,
  verdict: "unchecked",
  code: "not_checked",
  text: `not checked: ${why}`,
});

export const problem = (check: string, code: string, text: string, fix: string): Finding => ({
  check,
  verdict: "problem",
  code,
  text,
  fix,
});

export const warning = (check: string, code: string, text: string, fix: string): Finding => ({
  ...problem(check, code, text, fix),
  verdict: "warning",
});

/** One of our own errors as a finding: its code, what happened, and its next step. */
export function problemOf(check: string, { code, text }: AuthError): Finding {
  return problem(check, code, text.what, text.next ?? "openclaw minimax-portal status");
}

/** A check's findings; a check that breaks has not checked anything. */
export async function check(
  name: string,
  work: () => readonly Finding[] | Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (isAuthError(error)) return [problemOf(name, error)];
    const cause =
      error instanceof Error ? ((error as { code?: string }).code ?? error.name) : "unknown error";
    return [unchecked(name, `the check failed (${cause})`)];
  }
}
