import { parseJson } from "../../base/text.ts";

/** The stores that a native binding serves, each call in a child process of its own. */
export type Binding = "keytar" | "secret-service";

/** One line of JSON on the child's stdin. */
export interface ChildRequest {
  binding: Binding;
  operation: "get" | "set" | "delete";
  service: string;
  account: string;
  /** Only for `set`. */
  value?: string;
  /** The child ends itself after this many ms, in case its parent died and cannot end it. */
  deadlineMs: number;
}

/** One line of JSON on the child's stdout. */
export type ChildAnswer =
  | { ok: true; value?: string; deleted?: boolean }
  | { ok: false; phase: "load" | "call"; message: string };

/** The answer in a line of the child's stdout; undefined if it is anything else. */
export function readAnswer(line: string): ChildAnswer | undefined {
  const answer = parseJson(line);
  if (typeof answer !== "object" || answer === null || !("ok" in answer)) return undefined;
  const { value, deleted, phase, message } = answer as Record<string, unknown>;
  if (answer.ok === true) {
    if (value !== undefined && typeof value !== "string") return undefined;
    if (deleted !== undefined && typeof deleted !== "boolean") return undefined;
    return { ok: true, ...(value !== undefined && { value }), ...(deleted !== undefined && { deleted }) };
  }
  if (answer.ok !== false || typeof message !== "string") return undefined;
  return { ok: false, phase: phase === "load" ? "load" : "call", message };
}
