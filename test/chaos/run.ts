import assert from "node:assert/strict";
import type { Portal } from "../../fixtures/portal/index.ts";
import type { Programs } from "./programs.ts";
import type { Scenario } from "./scenarios.ts";
import { openScene, type Scene } from "./scene.ts";
import type { Ended, Report } from "./task.ts";

export interface Run {
  readonly scenario: Scenario;
  readonly slowKeychain: boolean;
  /** Which of its points each process dies at; 0: none. */
  readonly dieAt: readonly number[];
}

export interface Result {
  /** Where processes died. */
  readonly points: readonly string[];
  /** Set when the sign-in ended in the window that nothing can close: how soon that was told, ms. */
  readonly detectedMs?: number;
}

/** Told after a kill run that broke a promise. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/**
 * Processes of one person that begin together and die where they are told, and then one that comes after.
 * @throws Broken when a sign-in is lost that could be kept, or a refresh token is spent once too often
 */
export async function killRun(
  { scenario, slowKeychain, dieAt }: Run,
  parts: { readonly portal: Portal; readonly programs: Programs },
): Promise<Result> {
  const { work, leftMs } = scenario;
  const scene = await openScene({ ...parts, leftMs, slowKeychain });
  try {
    const reports = await Promise.all(dieAt.map((point) => scene.run({ work, dieAt: point })));
    try {
      return await judge(scene, reports, leftMs !== undefined);
    } catch (error) {
      const story = JSON.stringify({ scenario: scenario.name, slowKeychain, dieAt, reports }, undefined, 1);
      throw new Broken(`${(error as Error).message}\n${story}`);
    }
  } finally {
    scene.remove();
  }
}

async function judge(scene: Scene, reports: readonly Report[], wasSignedIn: boolean): Promise<Result> {
  const killed = reports.filter(({ outcome }) => outcome === "killed");
  const points = killed.map(({ point }) => point);
  let after = await scene.survive();
  const kept = scene.isKept();
  // Of a first sign-in nothing tells that somebody died in it: what it left behind may be stored a moment later.
  const cameLater = kept && !wasSignedIn && killed.length > 0 && after.outcome === "sign_in_required";
  if (cameLater) after = await scene.survive();
  const { refreshed, reused } = scene.calls();
  assert.ok(refreshed <= 1, `a sign-in was refreshed ${refreshed} times`);
  if (kept) {
    assert.equal(after.outcome, "accepted", "the sign-in is there and is not used");
    assert.equal(reused, 0, "a spent refresh token was presented");
    for (const { outcome } of reports) {
      assert.match(outcome, /killed|accepted|signed in/, "a request failed though the sign-in was kept");
    }
    return { points };
  }
  if (!wasSignedIn) {
    assert.equal(after.outcome, "sign_in_required");
    return { points };
  }
  const window = killed.find(({ inWindow }) => inWindow);
  assert.ok(window, "a sign-in was lost that could be kept");
  assert.ok(reused <= 1 + killed.length, `a spent refresh token was presented ${reused} times`);
  assert.ok(scene.isQuarantined(), "that the sign-in has ended was not recorded");
  // The access token may live on; then the refresh behind it finds out.
  if (after.outcome === "accepted") return { points, detectedMs: after.endedAt - after.startedAt };
  assert.equal(after.outcome, "sign_in_required");
  const tellers: Ended[] = [...reports, after].filter(({ outcome }) => outcome === "sign_in_required");
  const first = tellers.sort((one, other) => one.endedAt - other.endedAt)[0] ?? after;
  // Found out behind a token that was still valid, it is told in fewer words at the next request.
  const behind = reports.some(({ outcome }) => outcome === "accepted");
  assert.ok(first.interrupted || behind, "the message does not tell of the interrupted refresh");
  return { points, detectedMs: first.endedAt - Math.max(first.startedAt, window.endedAt) };
}
