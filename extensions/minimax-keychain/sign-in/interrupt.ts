import { writeSync } from "node:fs";
import { cancelled } from "../../../src/index.ts";

export interface Interruptible {
  /** Aborts with Ctrl-C and with the host's own signal. */
  readonly signal: AbortSignal;
  /** The work is over; Ctrl-C is the host's business again. */
  release(): void;
}

type Process = Pick<NodeJS.Process, "once" | "off" | "exitCode">;

const INTERRUPTED_EXIT_CODE = 130;

/**
 * Makes Ctrl-C end a sign-in. The host's spinner takes the key itself and ends the process with exit
 * code 0 and no word; then the person reads here what that means, and a script sees a failure.
 */
export function interruptible(
  outer: AbortSignal | undefined,
  process_: Process = process,
  print: (text: string) => void = (text) => void writeSync(2, text),
): Interruptible {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(cancelled());
  const onExit = () => {
    process_.exitCode = INTERRUPTED_EXIT_CODE;
    print(`\n${cancelled().message}\n`);
  };
  process_.once("SIGINT", onInterrupt);
  process_.once("exit", onExit);
  return {
    signal: outer ? AbortSignal.any([outer, interrupt.signal]) : interrupt.signal,
    release() {
      process_.off("SIGINT", onInterrupt);
      process_.off("exit", onExit);
    },
  };
}
