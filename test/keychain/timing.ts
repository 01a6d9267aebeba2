import assert from "node:assert/strict";
import { isAuthError } from "../../src/base/error.ts";
import { withoutLag } from "../support/without-lag.ts";

/** A call may come back this much later than its deadline. */
const OVERRUN_MS = 100;

export interface Row {
  readonly provider: string;
  readonly binding: string;
  readonly situation: string;
  readonly call: string;
  readonly outcome: string;
  readonly ms: number;
}

const rows: Row[] = [];

/**
 * Makes a call and notes its outcome and time for the table. Fails when it came back more than 100 ms after
 * its deadline; what this process itself was kept waiting for the processor does not count.
 * @returns "found", "absent", "done", or the error's code
 */
export async function noted(
  what: Omit<Row, "outcome" | "ms">,
  deadlineMs: number,
  call: () => Promise<unknown>,
): Promise<string> {
  const started = performance.now();
  let outcome = "";
  const withoutWaiting = await withoutLag(async () => {
    outcome = await call().then(outcomeOf, (error: unknown) => {
      if (!isAuthError(error)) throw error;
      return error.code;
    });
  });
  rows.push({ ...what, outcome, ms: performance.now() - started });
  assert.ok(
    withoutWaiting <= deadlineMs + OVERRUN_MS,
    `${what.call} took ${withoutWaiting} ms of ${deadlineMs}`,
  );
  return outcome;
}

function outcomeOf(value: unknown): string {
  if (typeof value === "string") return "found";
  if (value === undefined) return "absent";
  return value === false ? "absent" : "done";
}

/** One line for each situation, with the outcome and the longest time of each call. */
export function table(): string[] {
  const lines = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const line = `${row.provider.padEnd(14)}${row.binding.padEnd(16)}${row.situation.padEnd(32)}`;
    const calls = lines.get(line) ?? new Map<string, Row>();
    lines.set(line, calls);
    const known = calls.get(row.call);
    if (known === undefined || known.ms < row.ms) calls.set(row.call, row);
  }
  return [...lines].map(([line, calls]) => {
    const cells = [...calls.values()].map(
      ({ call, outcome, ms }) => `${call} ${outcome} ${Math.round(ms)} ms`,
    );
    return line + cells.join(", ");
  });
}
