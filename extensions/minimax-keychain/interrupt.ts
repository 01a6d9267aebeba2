/** A signal that Ctrl-C aborts as well as `outer`; call `release` when the work is over. */
export function interruptible(
  outer: AbortSignal | undefined,
  process_: Pick<NodeJS.Process, "once" | "off"> = process,
): { signal: AbortSignal; release(): void } {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process_.once("SIGINT", onInterrupt);
  return {
    signal: outer ? AbortSignal.any([outer, interrupt.signal]) : interrupt.signal,
    release: () => void process_.off("SIGINT", onInterrupt),
  };
}
