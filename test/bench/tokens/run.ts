import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { INFO } from "./contenders.ts";
import { CONTENDERS, type ContenderId } from "./job.ts";
import { thisMachine } from "./machine.ts";
import { cold, memory, race, request, type Stage, stampede, steady } from "./measure.ts";
import type { Results, Stampede } from "./results.ts";
import { median, type Sample } from "./sampling.ts";

/** Rounds of what is measured in nanoseconds; others' work on the machine only ever adds, so the best counts. */
export interface Extent {
  readonly rounds: number;
  readonly processes: readonly number[];
  /** How often what takes milliseconds is repeated; the median counts. */
  readonly times: number;
}
/** A median above this is measured in one round: the others' noise is small beside it. */
const ONCE_ABOVE_NS = 100_000;

export const FULL: Extent = { rounds: 4, processes: [1, 2, 4, 8, 16, 32, 64], times: 3 };
export const QUICK: Extent = { rounds: 1, processes: [1, 2, 4], times: 1 };

type Note = Results["notes"][number];

/** Everything, one contender after the other within each round, so that all meet the same machine. */
export async function measureAll(
  stage: Stage,
  versions: Results["versions"],
  extent: Extent,
  say: (line: string) => void,
): Promise<Results> {
  const machine = thisMachine();
  const notes: Note[] = [];
  const values = { fresh: {}, due: {}, stampede: {}, race: {}, cold: {}, memory: {} } as {
    -readonly [Row in "fresh" | "due" | "stampede" | "race" | "cold" | "memory"]: {
      -readonly [Id in ContenderId]?: NonNullable<Results[Row]>[Id];
    };
  };

  /** A figure, or the reason why there is none. */
  const attempt = async <Value>(row: string, contender: ContenderId, work: () => Promise<Value>) => {
    const known = INFO[contender].cannot[row as keyof (typeof INFO)[ContenderId]["cannot"]];
    if (notes.some((note) => note.row === row && note.contender === contender)) return undefined;
    say(`${row}: ${INFO[contender].short}`);
    if (known === undefined) {
      try {
        return await work();
      } catch (error) {
        notes.push({ contender, row, why: firstLine(error) });
        return undefined;
      }
    }
    notes.push({ contender, row, why: known });
    return undefined;
  };

  for (let round = 0; round < extent.rounds; round++) {
    for (const contender of CONTENDERS) {
      if ((values.fresh[contender]?.p50 ?? 0) > ONCE_ABOVE_NS) continue;
      const fresh = await attempt("fresh", contender, () => steady(stage, { contender, condition: "fresh" }));
      if (fresh) values.fresh[contender] = better(values.fresh[contender], fresh);
      if (values.due[contender] === null) continue;
      const due = await attempt("due", contender, () => steady(stage, { contender, condition: "due" }, true));
      if (due !== undefined) values.due[contender] = due && better(values.due[contender], due);
    }
  }
  for (const contender of CONTENDERS) {
    const taken = await attempt("stampede", contender, () =>
      repeat(extent.times, () => stampede(stage, { contender, condition: "expired" })),
    );
    if (taken) values.stampede[contender] = taken;
    const coldMs = await attempt("cold", contender, () =>
      cold(stage, { contender, condition: "fresh" }, extent.times),
    );
    if (coldMs !== undefined) values.cold[contender] = coldMs;
    const grown = await attempt("memory", contender, () => memory(stage, contender));
    if (grown) values.memory[contender] = grown.bytes;
    const races: Record<number, Stampede> = {};
    for (const processes of extent.processes) {
      if (processes > Math.max(1, INFO[contender].mostProcesses)) break;
      const raced = await attempt("race", contender, () =>
        race(stage, { contender, condition: "expired" }, processes),
      );
      if (raced) races[processes] = raced;
    }
    if (Object.keys(races).length > 0) values.race[contender] = races;
  }
  say("our hook around a request");
  const hook = await request(stage);
  return {
    at: new Date().toISOString(),
    machine,
    versions,
    ...values,
    keychain: await inKeychain(stage, extent.times, say),
    request: hook,
    emptyProcessMs: await emptyProcess(),
    notes,
  };
}

async function inKeychain(
  stage: Stage,
  times: number,
  say: (line: string) => void,
): Promise<Results["keychain"]> {
  if (!stage.keychain) return {};
  say("ours in a Secret Service, through keytar");
  const trial = { contender: "ours", keychain: true } as const;
  return {
    cold: await cold(stage, { ...trial, condition: "fresh" }, times),
    stampede: await repeat(times, () => stampede(stage, { ...trial, condition: "expired" })),
  };
}

/** The best of both: what others do on the machine meanwhile can only add. */
function better(known: Sample | null | undefined, found: Sample): Sample {
  if (!known) return found;
  const [p50, p99] = [Math.min(known.p50, found.p50), Math.min(known.p99, found.p99)];
  return { p50, p99, calls: known.calls + found.calls };
}

/** The one in the middle by time; its calls and live tokens belong to it. */
async function repeat(times: number, work: () => Promise<Stampede>): Promise<Stampede> {
  const taken: Stampede[] = [];
  for (let time = 0; time < times; time++) taken.push(await work());
  const middle = median(taken.map(({ ms }) => ms));
  return taken.find(({ ms }) => ms === middle) as Stampede;
}

async function emptyProcess(): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < 5; time++) {
    const start = performance.now();
    const child = fork(join(import.meta.dirname, "empty.ts"), { execArgv: ["--no-warnings"] });
    await once(child, "message");
    taken.push(performance.now() - start);
    await once(child, "exit");
  }
  return median(taken);
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]?.slice(0, 160) ?? "";
