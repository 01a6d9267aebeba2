import { signIn } from "../../../../src/accounts/sign-in.ts";
import { isAuthError } from "../../../../src/base/error.ts";
import { reveal } from "../../../../src/base/secret.ts";
import { type Credential, generationId } from "../../../../src/tokens/credential.ts";
import { refresh } from "../../../../src/tokens/refresh.ts";
import { saveLater } from "../../../../src/tokens/save.ts";
import { createSession, type Session } from "../../../../src/tokens/session.ts";
import type { SessionMemory } from "../../../../src/tokens/session-memory.ts";
import { gatewayMemory } from "../credentials.ts";
import { refresherOf } from "./model-ports.ts";
import { tokensOf } from "./model-server.ts";
import { type Actor, labelOf, type Simulation } from "./simulation.ts";

/** How far a process has come with its requests. */
interface Script {
  readonly memory: SessionMemory;
  request: number;
  attempt: number;
  /** Tokens that the provider answered 401 to. */
  dead: number;
  accessToken: string;
  /** How the last request ended. */
  outcome: string;
}

const newScript = (): Script => {
  return { memory: gatewayMemory(), request: 0, attempt: 0, dead: 0, accessToken: "", outcome: "" };
};

function newActor(world: Simulation, part: Pick<Actor, "name" | "begin" | "knows">): Actor {
  return { ...part, pid: world.newPid(), waiting: [], seen: "", done: false, holding: undefined };
}

export interface Process {
  readonly session: () => Session;
  /** One request more. @returns how it ended: "accepted", "refused" or an error's code */
  request(): Promise<string>;
}

/** The real session and refresher, in a process of the model that makes its requests and ends. */
export function addProcess(world: Simulation, name: string, requests = world.scenario.requests): Process {
  let session: Session | undefined;
  let script = newScript();
  const knows = () => {
    const { memory, outcome, ...progress } = script;
    if (memory.operation) return undefined;
    const { credential, serving, outcomes: _, rejected, unsaved, ...rest } = memory;
    const { live: __, ...quiet } = serving;
    const held = unsaved ? labelOf(credential) : "";
    if (actor.done) return held;
    return JSON.stringify([held, labelOf(credential), rejected === credential, quiet, rest, progress]);
  };
  const actor: Actor = newActor(world, { name, begin, knows });
  function begin() {
    actor.done = false;
    script = newScript();
    const pid = actor.pid;
    const options = refresherOf(world, actor);
    session = createSession({
      account: "default",
      clock: options.clock,
      random: options.random,
      memory: script.memory,
      read: async () => (await options.store.read("default")) as Credential,
      refresh: (stale) => refresh(stale, options),
      saveLater: (held) => saveLater(held, options),
      changed(known) {
        const row = world.state.get("default");
        const changed = row?.generationId !== generationId(known) || row.expiresAt !== known.expiresAt;
        if (actor.pid === pid) actor.seen += changed ? ";changed" : "";
        return changed;
      },
    });
    run(world, actor, session, script, requests).then(
      () => {
        if (actor.pid === pid) actor.done = true;
      },
      (error: unknown) => {
        world.violation ??= error;
      },
    );
  }
  world.actors.push(actor);
  begin();
  return {
    session: () => session as Session,
    async request() {
      await run(world, actor, session as Session, script, 1);
      return script.outcome;
    },
  };
}

/** Makes requests as a provider's client does; a 401 is told and tried again. */
async function run(
  world: Simulation,
  actor: Actor,
  session: Session,
  script: Script,
  requests: number,
): Promise<void> {
  for (script.request = 0; script.request < requests; script.request++) {
    for (script.attempt = 0; script.attempt < 3; script.attempt++) {
      try {
        script.accessToken = reveal((await session.token()).accessToken);
      } catch (error) {
        if (!isAuthError(error)) throw error;
        actor.seen += `;${error.code}`;
        script.outcome = error.code;
        const { credential } = script.memory;
        const known = credential && reveal(credential.refreshToken);
        if (error.code === "sign_in_required" && known && world.server.isGood(known)) {
          world.fail(`${actor.name} is told to sign in, though it knows a good sign-in`);
        }
        break;
      }
      const accepted = await world.point<boolean>(actor, () => [
        { name: "request", effect: () => world.server.accepts(script.accessToken, world.time) },
      ]);
      script.outcome = accepted ? "accepted" : "refused";
      if (accepted) break;
      session.rejected(script.accessToken);
      script.dead++;
      if (script.dead > script.request + 1 + world.scenario.faults) {
        world.fail(`${actor.name} used dead tokens ${script.dead} times`);
      }
    }
  }
}

/** A person who signs in anew while the processes run. */
export function addSignIn(world: Simulation): void {
  const actor: Actor = newActor(world, {
    name: "person",
    begin,
    knows: () => (actor.done ? "" : undefined),
  });
  let family = 0;
  function begin() {
    // Killed once, the person does not try again.
    actor.done = actor.pid !== pid;
    if (actor.done) return;
    const { store, state, lock, clock } = refresherOf(world, actor);
    const write = async (credential: Credential) => {
      await store.write(credential);
      if (actor.pid === pid) world.signedIn = family;
    };
    const tokens = () =>
      world.point<ReturnType<typeof tokensOf>>(actor, () => [
        {
          name: "approves",
          effect() {
            family = world.server.signIn(world.time);
            return tokensOf(family, 0, world.wall);
          },
        },
      ]);
    signIn({
      account: "default",
      region: "global",
      clock,
      state,
      lock,
      chooseStore: async () => ({ name: "keytar", store: { ...store, write } }),
      begin: async () => ({ userCode: "x", verificationUri: "x", expiresAt: 0, wait: tokens }),
      show: async () => {},
      onWait: () => {},
      defaultBaseUrl: world.item.baseUrl,
      removeFrom: async () => {},
      assertCurrent: () => {},
    })
      .then(() => {
        if (actor.pid === pid) world.announced = world.signedIn;
      })
      .catch(() => {})
      .then(() => {
        if (actor.pid === pid) actor.done = true;
      });
  }
  const { pid } = actor;
  world.actors.push(actor);
  begin();
}
