import { reveal } from "../../../../src/base/secret.ts";
import { generationId } from "../../../../src/tokens/credential.ts";
import { CHECK_AGAIN_MS } from "../../../../src/tokens/single-flight.ts";
import { addProcess, addSignIn, type Process } from "./actors.ts";
import { type Scenario, Simulation } from "./simulation.ts";

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Ways to the end, the same states counted once. */
  readonly ends: number;
  /** Ends in which a sign-in was lost in the one window that nothing can close. */
  readonly lost: number;
  readonly longest: number;
}

/**
 * Visits every state that the scenario can reach. The processes run real code, which cannot be copied, so
 * a state is reached again by running its choices again; states already seen are not gone on from.
 */
export async function explore(scenario: Scenario): Promise<Explored> {
  const visited = new Set<string>();
  const open: number[][] = [[]];
  const counts = { transitions: 0, ends: 0, lost: 0, longest: 0 };
  for (let path = open.pop(); path; path = open.pop()) {
    const { world, processes } = await begin(scenario);
    for (const choice of path) await take(world, choice);
    if (path.length > 0) counts.transitions++;
    for (let key = world.key(); !visited.has(key); key = world.key()) {
      visited.add(key);
      const { length } = world.choices();
      if (length === 0 || world.actors.every(({ done, waiting }) => done && waiting.length === 0)) {
        counts.ends++;
        counts.longest = Math.max(counts.longest, path.length);
        if (!(await checkEnd(world, processes))) counts.lost++;
        break;
      }
      for (let other = 1; other < length; other++) open.push([...path, other]);
      path.push(0);
      await take(world, 0);
      counts.transitions++;
    }
  }
  return { states: visited.size, ...counts };
}

async function begin(scenario: Scenario) {
  const world = new Simulation(scenario);
  const { item, state } = world;
  const { account, region, expiresAt } = item;
  state.put({ account, region, expiresAt, store: "keytar", generationId: generationId(item) });
  const names = Array.from({ length: scenario.processes }, (_, index) => `process ${index + 1}`);
  const processes = names.map((name) => addProcess(world, name));
  if (scenario.signIn) addSignIn(world);
  await settled();
  return { world, processes };
}

async function take(world: Simulation, index: number): Promise<void> {
  const choice = world.choices()[index];
  if (!choice) return world.fail(`no choice ${index}: the code under test does not behave the same twice`);
  world.trace.push(choice.name);
  choice.take();
  await settled();
  if (world.violation) throw world.violation;
}

const settled = async () => {
  for (let tick = 0; tick < 24; tick++) await undefined;
};

/** @returns whether the sign-in is kept */
async function checkEnd(world: Simulation, processes: readonly Process[]): Promise<boolean> {
  if (world.actors.some(({ done }) => !done)) world.fail("somebody waits for ever");
  if (world.lockedBy) world.fail(`${world.lockedBy.name} keeps the lock`);
  world.faultsLeft = 0;
  const end = Promise.allSettled(processes.map(({ session }) => session().flush()));
  await drain(world);
  await end;
  const family = Number(reveal(world.item.refreshToken).split("-")[1]);
  const kept = world.server.isGood(reveal(world.item.refreshToken));
  if (family < world.signedIn) world.fail("the newest sign-in is not in the keychain");
  if (!kept && !world.excused.has(family)) world.fail("a sign-in is lost that could be kept");
  // A second later everybody works with what is there, and so does whoever comes an hour later. A sign-in
  // that died before it could tell the others is found by looking again.
  const everybody = [...processes];
  const isAnnounced = world.announced === family;
  for (const ms of [isAnnounced ? 1_000 : CHECK_AGAIN_MS, 3_600_000]) {
    world.pass(ms);
    for (const [index, process] of everybody.entries()) {
      const outcome = await drained(world, process.request());
      // A lost sign-in's last access token may live on for a while.
      const wanted = kept ? ["accepted"] : ["sign_in_required", ms < 3_600_000 ? "accepted" : ""];
      if (!wanted.includes(outcome)) world.fail(`after ${ms} ms process ${index + 1} gets ${outcome}`);
    }
    everybody.push(addProcess(world, "survivor", 0));
  }
  return kept;
}

async function drained(world: Simulation, work: Promise<string>): Promise<string> {
  let outcome = "nothing";
  work.then(
    (result) => {
      outcome = result;
    },
    (error: unknown) => {
      world.violation ??= error;
    },
  );
  await drain(world);
  return outcome;
}

async function drain(world: Simulation): Promise<void> {
  await settled();
  for (let choices = world.choices(); choices.length > 0; choices = world.choices()) {
    world.trace.push(choices[0]?.name ?? "");
    choices[0]?.take();
    await settled();
    if (world.violation) throw world.violation;
  }
}
