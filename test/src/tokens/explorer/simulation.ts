import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { LATE_WRITE_MS } from "../../../../src/base/deadlines.ts";
import { reveal } from "../../../../src/base/secret.ts";
import type { Credential } from "../../../../src/tokens/credential.ts";
import type { AccountState } from "../../../../src/tokens/types.ts";
import { credential, memoryState, NOW } from "../credentials.ts";
import { LIFE_MS, ModelServer, tokensOf } from "./model-server.ts";

export type Fault =
  | "crash"
  | "late write"
  | "lost-reply"
  | "server-down"
  | "refused-write"
  | "late-write"
  | "locked-read"
  | "forward"
  | "back"
  | "an-hour"
  | "ended-token";

/** What keeps processes from spending a refresh token twice. */
export type Guard = "lock" | "second read" | "holder" | "wait";

export interface Scenario {
  readonly processes: number;
  /** Whether somebody signs in meanwhile. */
  readonly signIn: boolean;
  /** How many faults may happen in one run, and which. */
  readonly faults: number;
  readonly kinds: readonly Fault[];
  /** What is left of the token's life at the start, ms. */
  readonly leftMs: number;
  /** Requests that each process makes. */
  readonly requests: number;
  /** Takes this guard away, to see that the explorer finds out. */
  readonly without?: Guard;
}

/** One way in which a waiting step can go. */
export interface Variant {
  readonly name: string;
  readonly fault?: Fault;
  readonly effect: () => unknown;
}

interface Waiting {
  readonly variants: () => readonly Variant[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A process of the model: what it waits for, and all that it has seen since it began. */
export interface Actor {
  readonly name: string;
  pid: number;
  readonly waiting: Waiting[];
  seen: string;
  done: boolean;
  /** New tokens that are in this process's memory only. */
  holding: string | undefined;
  begin: () => void;
  /** All that the process knows, while nothing of it is under way; then what it has seen before is of no account. */
  readonly knows: () => string | undefined;
}

/** A keychain write under way when its process died. It still happens, at the latest at `due`, true time, ms. */
interface LateWrite {
  readonly effect: () => unknown;
  readonly label: string;
  readonly due: number;
}

export interface Choice {
  readonly name: string;
  readonly take: () => void;
}

const DAY = 86_400_000;
const LONG_AGO = NOW - 10 * DAY;

/** The world that the processes share, and every way in which it can go on. */
export class Simulation {
  readonly scenario: Scenario;
  readonly server = new ModelServer();
  readonly state = memoryState();
  readonly actors: Actor[] = [];
  readonly trace: string[] = [];
  readonly lateWrites: LateWrite[] = [];
  item: Credential;
  lockedBy: Actor | undefined;
  wall = NOW;
  time = 0;
  faultsLeft: number;
  violation: unknown;
  /** Sign-ins that ended in the one window that nothing can close. */
  readonly excused = new Set<number>();
  /** The newest sign-in that was stored. */
  signedIn = 0;
  /** The newest sign-in that other processes were told of: its own did not die before. */
  announced = 0;
  #nextPid = 1;
  /** Once only: a provider that ends one fresh token after the other is not to be refreshed for again. */
  #ended = false;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.faultsLeft = scenario.faults;
    const issued = scenario.leftMs - LIFE_MS;
    this.server.signIn(issued);
    this.item = credential({
      signedInAt: LONG_AGO,
      obtainedAt: NOW + issued,
      expiresAt: NOW + scenario.leftMs,
    });
    this.item = { ...this.item, ...tokensOf(0, 0, NOW + issued) };
  }

  newPid(): number {
    return this.#nextPid++;
  }

  /** Where a process hands over: nothing goes on until one of the variants has been chosen. */
  point<T>(actor: Actor, variants: () => readonly Variant[]): Promise<T> {
    return new Promise((resolve, reject) => {
      actor.waiting.push({ variants, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  choices(): Choice[] {
    const choices: Choice[] = [];
    for (const actor of this.actors) {
      for (const step of actor.waiting) {
        for (const variant of step.variants()) {
          if (variant.fault && !this.#may(variant.fault)) continue;
          choices.push({ name: `${actor.name} ${variant.name}`, take: () => this.#go(actor, step, variant) });
        }
      }
      if (actor.waiting.length > 0 && this.#may("crash")) {
        choices.push({ name: `${actor.name} dies`, take: () => this.#crash(actor) });
      }
      const write = actor.waiting.flatMap((step) => step.variants()).find(({ name }) => name === "write");
      if (write && this.#may("late write")) {
        choices.push({
          name: `${actor.name} dies while it writes`,
          take: () => this.#dieWriting(actor, write),
        });
      }
    }
    for (const lateWrite of this.lateWrites) {
      choices.push({ name: "what a dead process wrote arrives", take: () => this.#arrive(lateWrite) });
    }
    // Time may only be turned while somebody can still meet it.
    if (this.actors.every(({ done }) => done)) return choices;
    const turns: [Fault, number, number][] = [
      ["forward", DAY, 0],
      ["back", -DAY, 0],
      ["an-hour", LIFE_MS, LIFE_MS],
    ];
    for (const [fault, wall, time] of turns) {
      if (!this.#may(fault)) continue;
      const take = () => {
        this.faultsLeft--;
        this.pass(wall, time);
      };
      choices.push({ name: `clock: ${fault}`, take });
    }
    if (this.#may("ended-token") && !this.#ended) {
      choices.push({ name: "the server ends the access tokens", take: () => this.#endTokens() });
    }
    return choices;
  }

  /** Time goes by, wall clock and true time, ms. */
  pass(wall: number, time = wall): void {
    this.wall += wall;
    this.time += time;
    for (const lateWrite of [...this.lateWrites]) if (lateWrite.due <= this.time) this.#arrive(lateWrite);
  }

  #dieWriting(actor: Actor, { effect }: Variant): void {
    const label = actor.holding ?? "";
    actor.holding = undefined;
    this.lateWrites.push({ effect, label, due: this.time + LATE_WRITE_MS });
    this.#crash(actor);
  }

  #arrive(lateWrite: LateWrite): void {
    this.lateWrites.splice(this.lateWrites.indexOf(lateWrite), 1);
    lateWrite.effect();
  }

  #endTokens(): void {
    this.faultsLeft--;
    this.#ended = true;
    for (const { ends } of this.server.families) ends.fill(this.time);
  }

  /** Two runs with the same key go on in the same ways: a process is what it has seen. */
  key(): string {
    const row = this.state.get("default");
    const actors = this.actors.map((actor) => {
      const marks = `${this.lockedBy === actor ? "L" : ""}${row?.heldBy === actor.pid ? "H" : ""}${actor.done ? "D" : ""}`;
      return `${actor.name.replace(/\d+$/, "")}${marks} ${actor.waiting.length} ${actor.knows() ?? actor.seen}`;
    });
    const used = [...this.server.uses].map(([token, { by, answered }]) => {
      return `${token}${this.isAlive(by) ? "+" : "-"}${answered}`;
    });
    const world = [
      this.wall - NOW,
      this.time,
      this.faultsLeft,
      labelOf(this.item),
      this.server.key(0),
      used,
      stateLabel(row, (pid) => this.isAlive(pid)),
      [...this.excused],
      this.signedIn,
      this.announced,
      this.lateWrites.map(({ label, due }) => `${label}@${due}`),
    ];
    // Processes are alike: which of them is which makes no difference.
    return createHash("md5")
      .update(`${world.join("|")}\n${actors.sort().join("\n")}`)
      .digest("base64");
  }

  isAlive(pid: number): boolean {
    return this.actors.some((actor) => actor.pid === pid);
  }

  /** A broken promise of the design. Kept as well as thrown: the code under test may swallow what is thrown. */
  fail(why: string): never {
    this.violation ??= new assert.AssertionError({ message: `${why}\n${this.trace.join("\n")}` });
    throw this.violation;
  }

  #may(fault: Fault): boolean {
    return this.faultsLeft > 0 && this.scenario.kinds.includes(fault);
  }

  #go(actor: Actor, step: Waiting, { name, fault, effect }: Variant): void {
    actor.waiting.splice(actor.waiting.indexOf(step), 1);
    if (fault) this.faultsLeft--;
    actor.seen = actor.knows() ?? actor.seen;
    try {
      const value = effect();
      actor.seen += `;${name}@${this.wall - NOW},${this.time}=${show(value)}`;
      step.resolve(value);
    } catch (error) {
      actor.seen += `;${name}@${this.wall - NOW},${this.time}!`;
      step.reject(error);
    }
  }

  #crash(actor: Actor): void {
    this.faultsLeft--;
    // The window that nothing can close: the server has rotated, and the new tokens die with the process.
    if (actor.holding) this.excused.add(Number(actor.holding.split("-")[1]));
    actor.holding = undefined;
    actor.waiting.length = 0;
    actor.seen = "";
    if (this.lockedBy === actor) this.lockedBy = undefined;
    actor.pid = this.newPid();
    actor.begin();
  }
}

export function labelOf(value: Credential | undefined): string {
  return value
    ? `${reveal(value.refreshToken)}/${value.generation}/${value.expiresAt - NOW}/${value.obtainedAt - NOW}`
    : "none";
}

function stateLabel(row: AccountState | undefined, isAlive: (pid: number) => boolean): string {
  const { heldBy, ...rest } = row ?? {};
  return JSON.stringify({ ...rest, held: heldBy === undefined ? 0 : isAlive(heldBy) ? 1 : 2 });
}

function show(value: unknown): string {
  if (value === undefined || typeof value === "boolean") return String(value);
  if (typeof value === "object" && value !== null && "refreshToken" in value && "account" in value)
    return labelOf(value as Credential);
  // Process numbers differ between alike processes, and what follows from them is seen on its own.
  return JSON.stringify(value, (name, part) => (name === "heldBy" ? "pid" : part));
}
