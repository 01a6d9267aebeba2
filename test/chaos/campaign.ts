import { availableParallelism } from "node:os";
import { startPortal } from "../../fixtures/portal/index.ts";
import { bundlePrograms, type Programs } from "./programs.ts";
import { seeded } from "./random.ts";
import { Broken, killRun, type Result, type Run } from "./run.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { openScene } from "./scene.ts";

export interface Campaign {
  readonly runs: number;
  /** Kills by the point at which they fell. */
  readonly kills: ReadonlyMap<string, number>;
  /** What broke a promise; each a sign-in lost that could be kept, or worse. */
  readonly broken: readonly string[];
  /** How soon each sign-in that ended in the unavoidable window was told, ms. */
  readonly detectedMs: readonly number[];
}

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly onRun?: (done: number) => void;
}

/** Kills processes at every point of every scenario in turn, and from then on at random. */
export async function campaign({ runs, seed, onRun = () => {} }: Options): Promise<Campaign> {
  const portal = await startPortal({
    regions: ["global"],
    settings: { autoApprove: "approve", intervalMs: 100, accessTokenLifeMs: 3_600_000 },
  });
  const programs = await bundlePrograms();
  const parts = { portal, programs };
  const kills = new Map<string, number>();
  const broken: string[] = [];
  const detectedMs: number[] = [];
  const note = ({ points, detectedMs: ms }: Result) => {
    for (const point of points) kills.set(point, (kills.get(point) ?? 0) + 1);
    if (ms !== undefined) detectedMs.push(ms);
  };
  try {
    const lengths = new Map<Scenario, number>();
    for (const scenario of SCENARIOS) lengths.set(scenario, await lengthOf(scenario, parts));
    const plan = planRuns(runs, seed, lengths).values();
    let done = 0;
    const work = async () => {
      for (const run of plan) {
        try {
          note(await killRun(run, parts));
        } catch (error) {
          if (!(error instanceof Broken)) throw error;
          broken.push(error.message);
        }
        onRun(++done);
      }
    };
    // One more than processors, for a run also waits. With twice as many it takes as long, and how soon a lost
    // sign-in is told measures the queue.
    await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
    return { runs, kills, broken, detectedMs };
  } finally {
    await programs.close();
    await portal.close();
  }
}

/** How many points a process passes when it is alone and is left to live. */
async function lengthOf(
  scenario: Scenario,
  parts: { portal: Parameters<typeof openScene>[0]["portal"]; programs: Programs },
): Promise<number> {
  const scene = await openScene({ ...parts, leftMs: scenario.leftMs, slowKeychain: false });
  try {
    return (await scene.run({ work: scenario.work, dieAt: 0 })).passed;
  } finally {
    scene.remove();
  }
}

function planRuns(runs: number, seed: number, lengths: ReadonlyMap<Scenario, number>): Run[] {
  const random = seeded(seed);
  const plan: Run[] = [];
  for (const scenario of SCENARIOS) {
    const length = lengths.get(scenario) ?? 1;
    const count = Math.round(runs * scenario.share);
    // Every point once before any twice, in an order of chance.
    const order = shuffled(
      Array.from({ length }, (_, index) => index + 1),
      random,
    );
    for (let index = 0; index < count; index++) {
      const first = order[index % length] ?? 1;
      const others = Array.from({ length: Math.floor(random() * 2.2) }, () =>
        random() < 0.5 ? 0 : 1 + Math.floor(random() * length),
      );
      // A person signs in once at a time.
      const dieAt = scenario.work === "sign in" ? [first] : [first, ...others];
      plan.push({ scenario, slowKeychain: random() < 0.25, dieAt });
    }
  }
  return shuffled(plan, random);
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ value }) => value);
}
