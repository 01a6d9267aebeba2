import { inspect } from "node:util";
import { isAuthError } from "../../src/index.ts";
import { nextInput, seededRandom } from "./mutate.ts";
import { SECRET, type Target } from "./targets.ts";

export interface Outcome {
  readonly inputs: number;
  readonly accepted: number;
  /** How often each error code came. */
  readonly refused: Readonly<Record<string, number>>;
  /** ms of the slowest input. */
  readonly slowestMs: number;
  /** Growth of the heap over the run, in MB. */
  readonly heapMb: number;
}

/** What makes an input a find. */
export class Find extends Error {
  constructor(what: string, seed: number, number: number, input: Buffer) {
    const shown = inspect(input.subarray(0, 200).toString("latin1"));
    super(
      `${what}\nseed ${seed}, input ${number} (${input.length} bytes, base64 ${input.toString("base64").slice(0, 600)}):\n${shown}`,
    );
  }
}

/** Of the processor's time: what else the machine does is no fault of ours. */
const HANG_MS = 100;
/** By the clock, for what waits instead of working. */
const WAIT_MS = 2_000;
/** Far above what the runs need (some tens of MB), far below what a leak makes of a million inputs. */
const HEAP_LIMIT_MB = 256;

/**
 * Feeds `count` inputs to the target. Throws {@link Find} for an untyped error, a secret or a control
 * character in a message, an input that takes over 100 ms of work or 2 s in all, and memory that grows without bound.
 */
export async function fuzz(target: Target, count: number, seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const refused: Record<string, number> = {};
  const heapBefore = process.memoryUsage().heapUsed;
  let accepted = 0;
  let slowestMs = 0;
  for (let number = 0; number < count; number++) {
    const input = nextInput(random, target.seeds);
    const choices = random(2 ** 32);
    const find = (what: string) => new Find(`${target.name}: ${what}`, seed, number, input);
    const attempt = async () => {
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      const error = await outcome(target, input, choices);
      const waited = performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      return { error, ms: waited > WAIT_MS ? waited : (user + system) / 1000 };
    };
    let { error, ms } = await attempt();
    // A pause of the machine does not happen to the same input three times.
    for (let again = 0; again < 2 && ms > HANG_MS; again++) ms = Math.min(ms, (await attempt()).ms);
    if (ms > HANG_MS) throw find(`took ${Math.round(ms)} ms`);
    slowestMs = Math.max(slowestMs, ms);
    if (error === undefined) accepted++;
    else if (!isAuthError(error)) throw find(`threw what is no AuthError: ${inspect(error)}`);
    else {
      if (error.message.includes(SECRET)) throw find(`a secret in a message: ${error.message}`);
      if (/[\p{Cc}\p{Cf}]/u.test(error.message))
        throw find(`a control character in a message: ${inspect(error.message)}`);
      refused[error.code] = (refused[error.code] ?? 0) + 1;
    }
  }
  const heapMb = Math.round((process.memoryUsage().heapUsed - heapBefore) / 2 ** 20);
  if (heapMb > HEAP_LIMIT_MB) throw new Error(`${target.name}: the heap grew by ${heapMb} MB`);
  return { inputs: count, accepted, refused, slowestMs: Math.round(slowestMs * 10) / 10, heapMb };
}

async function outcome(target: Target, input: Buffer, choices: number): Promise<unknown> {
  try {
    await target.run(input, seededRandom(choices));
    return undefined;
  } catch (error) {
    return error ?? "undefined was thrown";
  }
}

export function summary(name: string, { inputs, accepted, refused, slowestMs, heapMb }: Outcome): string {
  const codes = Object.entries(refused).map(([code, times]) => `${code} ${times}`);
  return `${name}: ${inputs} inputs, ${accepted} accepted, ${codes.join(", ")}; slowest ${slowestMs} ms, heap ${heapMb >= 0 ? "+" : ""}${heapMb} MB`;
}
