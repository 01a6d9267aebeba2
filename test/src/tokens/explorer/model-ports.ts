import { LATE_WRITE_MS } from "../../../../src/base/deadlines.ts";
import { AuthError, type ErrorCode } from "../../../../src/base/error.ts";
import { reveal } from "../../../../src/base/secret.ts";
import { type Credential, generationId } from "../../../../src/tokens/credential.ts";
import type {
  AccountLock,
  CredentialStore,
  RefresherOptions,
  StateFile,
} from "../../../../src/tokens/types.ts";
import { tokensOf } from "./model-server.ts";
import type { Actor, Guard, Simulation, Variant } from "./simulation.ts";

const failure = (code: ErrorCode) => new AuthError(code, { what: "x", next: "y" });
const throwing = (code: ErrorCode) => () => {
  throw failure(code);
};

/** What the real refresher uses, as the model has it: every effect waits until it is chosen. */
export function refresherOf(world: Simulation, actor: Actor): RefresherOptions {
  const { pid } = actor;
  const step = <T>(name: string, effect: () => T, ...others: Variant[]): Promise<T> =>
    world.point(actor, () => [{ name, effect }, ...others]);
  const { state: rows } = world;
  const without = (guard: Guard) => world.scenario.without === guard;
  const state: StateFile = {
    get: (account) => step("get", () => rows.get(account)),
    put: (row, outcome) => step("put", () => rows.put(row, outcome)),
    setIntent: (account, generation) => step("intent", () => rows.setIntent(account, generation)),
    quarantine: (account, generation, outcome) =>
      step("quarantine", () => {
        const stored = world.item;
        if (generationId(stored) === generation && world.server.isGood(reveal(stored.refreshToken))) {
          world.fail(`${actor.name} quarantines a sign-in that is good`);
        }
        rows.quarantine(account, generation, outcome);
      }),
    fail: (...args) => step("fail", () => rows.fail(...args)),
    setHolder: (...args) => step("hold", () => rows.setHolder(...args)),
    moveTo: (...args) => step("move", () => rows.moveTo(...args)),
    delete: (account) => step("delete", () => rows.delete(account)),
  };
  const clock = {
    now: () => world.wall,
    monotonic: () => world.time,
    sleep: (ms: number) =>
      step("sleep", () => (without("wait") && ms === LATE_WRITE_MS ? undefined : world.pass(ms))),
  };
  return {
    store: storeOf(world, actor),
    state,
    lock: lockOf(world, actor),
    clock,
    random: () => 0.5,
    check: () => {},
    process: { pid, isAlive: (other) => !without("holder") && world.isAlive(other) },
    async grant(credential) {
      const token = reveal(credential.refreshToken);
      const ask = (): boolean => {
        const use = world.server.uses.get(token);
        if (use && world.isAlive(use.by) && use.answered) world.fail(`${actor.name} spends ${token} again`);
        return world.server.refresh(token, pid, world.time);
      };
      const [, family = 0, generation = 0] = token.split("-").map(Number);
      const answer = () => {
        if (!ask()) throw failure("grant_rejected");
        (world.server.uses.get(token) as { answered: boolean }).answered = true;
        actor.holding = `refresh-${family}-${generation + 1}`;
        return tokensOf(family, generation + 1, world.wall);
      };
      const lost = () => {
        if (ask()) world.excused.add(family);
        throw failure("portal_timed_out");
      };
      return step(
        "call",
        answer,
        { name: "call, reply lost", fault: "lost-reply", effect: lost },
        {
          name: "call, server down",
          fault: "server-down",
          effect: throwing("portal_unavailable"),
        },
      );
    },
  };
}

function storeOf(world: Simulation, actor: Actor): CredentialStore {
  const write = (credential: Credential) => {
    const [, oldFamily = 0, oldGeneration = 0] = reveal(world.item.refreshToken).split("-").map(Number);
    const [, family = 0, generation = 0] = reveal(credential.refreshToken).split("-").map(Number);
    if (family < oldFamily || (family === oldFamily && generation < oldGeneration)) {
      world.fail(`${actor.name} overwrites ${oldFamily}-${oldGeneration} with ${family}-${generation}`);
    }
    world.item = credential;
    if (actor.holding === reveal(credential.refreshToken)) actor.holding = undefined;
  };
  let first: Credential | undefined;
  const read = () => {
    first ??= world.item;
    return world.scenario.without === "second read" ? first : world.item;
  };
  return {
    read: () =>
      world.point(actor, () => [
        { name: "read", effect: read },
        { name: "read, locked", fault: "locked-read", effect: throwing("keychain_locked") },
      ]),
    write: (credential) =>
      world.point(actor, () => [
        { name: "write", effect: () => write(credential) },
        { name: "write, refused", fault: "refused-write", effect: throwing("keychain_refused") },
        {
          name: "write, no answer",
          fault: "late-write",
          effect() {
            write(credential);
            throw failure("keychain_timed_out");
          },
        },
      ]),
    delete: async () => false,
  };
}

function lockOf(world: Simulation, actor: Actor): AccountLock {
  const { pid } = actor;
  return async (_account, work) => {
    await world.point(actor, () =>
      world.lockedBy && world.scenario.without !== "lock"
        ? []
        : [
            {
              name: "lock",
              effect() {
                world.lockedBy = actor;
              },
            },
          ],
    );
    try {
      return await work(new AbortController().signal);
    } finally {
      // A dead process's work is never resumed; what is left of it must not free another's lock.
      if (actor.pid === pid && world.lockedBy === actor) world.lockedBy = undefined;
    }
  };
}
