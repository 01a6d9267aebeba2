import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Portal, startPortal } from "../../../fixtures/portal/index.ts";
import type { SecretService } from "../../../fixtures/secret-service/start.ts";
import type { Condition, World } from "./contender.ts";
import { INFO } from "./contenders.ts";
import type { Answers, ContenderId, Job, TaskName } from "./job.ts";
import type { Stampede } from "./results.ts";
import { type Running, runJob, startJob } from "./run-job.ts";
import { median, type Sample } from "./sampling.ts";
import { startTokenServer, type TokenServer } from "./token-server.ts";

/** Folders, servers and the keychain of one run. */
export interface Stage {
  readonly portal: Portal;
  readonly server: TokenServer;
  readonly packages: string;
  readonly bundle: string;
  readonly keychain?: SecretService | undefined;
}

export async function openStage(
  parts: Pick<Stage, "packages" | "bundle" | "keychain">,
): Promise<Stage & { close(): Promise<void> }> {
  const portal = await startPortal({
    regions: ["global"],
    settings: { autoApprove: "approve", intervalMs: 100 },
  });
  const server = await startTokenServer();
  const close = async () => {
    await portal.close();
    await server.close();
  };
  return { ...parts, portal, server, close };
}

/** What is measured: whom, in which condition, on which store. */
export interface Trial {
  readonly contender: ContenderId;
  readonly condition: Condition;
  /** Processes share the store. */
  readonly shared?: boolean;
  /** Ours only: in a real keychain instead of the encrypted file. */
  readonly keychain?: boolean;
}

/** Runs `work` in a folder of its own, with a prepared store where the contender has one. */
async function inWorld<Result>(
  stage: Stage,
  { contender, condition, shared = false, keychain = false }: Trial,
  work: (start: <Name extends TaskName>(task: Name) => Running<Name>) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  const world: World = {
    directory,
    serverUrl: stage.server.url,
    portalUrl: stage.portal.regions.global.url,
    packages: stage.packages,
    bundle: stage.bundle,
    tokenStore: keychain ? "keytar" : "encrypted-file",
  };
  const useUrl = contender === "ours" ? `${world.portalUrl}/anthropic/v1/messages` : `${world.serverUrl}/use`;
  const { HOME: _, ...service } = (keychain && stage.keychain?.env) || { HOME: "" };
  const job = <Name extends TaskName>(task: Name): Job & { task: Name } => ({
    ...{ contender, condition, shared, world, useUrl },
    task,
  });
  try {
    const { store } = INFO[contender];
    if (store === "always" || (store === "for processes" && shared)) await runJob(job("prepare"), service);
    return await work((task) => startJob(job(task), service));
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

function hang(stage: Stage, on: boolean): void {
  stage.server.hang = on;
  stage.portal.settings.faults = on ? [{ path: "/oauth2/token", grant: "refresh_token", kind: "hang" }] : [];
}

function resetCalls(stage: Stage): void {
  stage.server.reset();
  stage.portal.resetRecord();
}

function refreshCalls(stage: Stage, contender: ContenderId): number {
  if (contender !== "ours") return stage.server.calls;
  return stage.portal.record.tokenCalls.filter(({ grant }) => grant === "refresh_token").length;
}

/** Calls of a process at rest; with `hanging`, the token endpoint does not answer. null: they wait for it. */
export function steady(stage: Stage, trial: Trial, hanging = false): Promise<Sample | null> {
  return inWorld(stage, trial, async (start) => {
    const job = start("steady");
    await job.reached("ready");
    hang(stage, hanging);
    try {
      job.tell({ kind: "go" });
      const answer = await job.answer();
      return "stuck" in answer ? null : answer;
    } finally {
      hang(stage, false);
    }
  });
}

export function request(stage: Stage): Promise<Answers["request"]> {
  return inWorld(stage, { contender: "ours", condition: "fresh" }, (start) => start("request").answer());
}

export function memory(stage: Stage, contender: ContenderId): Promise<Answers["memory"]> {
  return inWorld(stage, { contender, condition: "fresh" }, (start) => start("memory").answer());
}

/** Many callers in one process find the token ended. */
export function stampede(stage: Stage, trial: Trial): Promise<Stampede> {
  return inWorld(stage, trial, async (start) => {
    const job = start("stampede");
    await job.reached("ready");
    resetCalls(stage);
    job.tell({ kind: "go" });
    await job.reached("done");
    const calls = refreshCalls(stage, trial.contender);
    job.tell({ kind: "use" });
    const { ms, live } = await job.answer();
    return { calls, ms, live };
  });
}

/** As many processes find the token ended; each asks once. */
export function race(stage: Stage, trial: Trial, processes: number): Promise<Stampede> {
  return inWorld(stage, { ...trial, shared: true }, async (start) => {
    const jobs = Array.from({ length: processes }, () => start("race"));
    await Promise.all(jobs.map((job) => job.reached("ready")));
    resetCalls(stage);
    const begun = performance.now();
    for (const job of jobs) job.tell({ kind: "go" });
    await Promise.all(jobs.map((job) => job.reached("done")));
    const ms = performance.now() - begun;
    const calls = refreshCalls(stage, trial.contender);
    for (const job of jobs) job.tell({ kind: "use" });
    const answers = await Promise.all(jobs.map((job) => job.answer()));
    return { calls, ms, live: answers.filter(({ live }) => live).length };
  });
}

/** From the start of a process to its first token, ms; the median of a few. */
export function cold(stage: Stage, trial: Trial, times: number): Promise<number> {
  return inWorld(stage, { ...trial, shared: true }, async (start) => {
    const taken: number[] = [];
    for (let time = 0; time < times; time++) {
      const job = start("cold");
      await job.reached("done");
      taken.push(performance.now() - job.startedAt);
      job.tell({ kind: "use" });
      const { live } = await job.answer();
      if (!live) throw new Error("the token is not live");
    }
    return median(taken);
  });
}
