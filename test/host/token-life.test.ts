import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "../../fixtures/openclaw/gateway.ts";
import type { Portal } from "../../fixtures/portal/index.ts";
import { until } from "../support/until.ts";
import { assertNoTrace } from "./no-trace.ts";
import { assertEachCarried, modelRequests, refreshCalls } from "./record.ts";
import { allowChat, editConfig, IN_A_WORLD, startWorld, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
/**
 * Short enough to wait for its end. Long enough for a turn: such a token is renewed at half its life, and
 * after a 401 the host takes its time before it tries again.
 */
const SHORT_MS = 60_000;
const ENDS_SOON_MS = 10_000;

// One story of one gateway, as in sign-in.test.ts: the generation counts up from test to test.
describe("a token's life under the gateway", IN_A_WORLD, () => {
  let world: World;
  let gateway: Gateway;
  before(async () => {
    world = await startWorld({ autoApprove: "approve", accessTokenLifeMs: HOUR_MS });
  });
  after(() => world?.end());

  /** One turn: the requests it made, and the refreshes. */
  async function turn(ask: () => Promise<string> = async () => (await gateway.chat("hi")).text) {
    const before = { requests: modelRequests(world.portal).length, refreshes: refreshCalls(world.portal) };
    const answer = await ask();
    return {
      answer,
      requests: modelRequests(world.portal).slice(before.requests),
      refreshes: refreshCalls(world.portal) - before.refreshes,
    };
  }

  /** When the token ends that the state file tells of, epoch ms; the gateway uses it from then on. */
  async function storedExpiry(): Promise<number> {
    const status = ["minimax-portal", "status", "--json", "--no-usage"];
    return JSON.parse((await world.openclaw(status)).stdout).expiresAt;
  }

  test("a script signs in, to Global unless told otherwise", async () => {
    const { code, stdout } = await world.onboard();
    assert.equal(code, 0);
    assert.match(stdout, /Endpoint: Global \(api\.minimax\.io\)\. For China: --minimax-region cn/);
    assert.match(stdout, /Signed in to MiniMax \(Global\)\./);
    assert.match(stdout, /MiniMax accepts the token\. Left of the plan: general 72 %, video 100 %\./);
    assert.deepEqual(await world.accountsInKeychain(), ["default"]);
    useFastModeOf(world);
    allowChat(world);
  });

  test("a turn of the gateway carries the token, without a refresh", async () => {
    gateway = await world.startGateway();
    const { answer, requests, refreshes } = await turn(() => world.ask(gateway));
    assert.match(answer, /token generation 1/);
    assertEachCarried(requests, { region: "global", generation: 1 });
    assert.equal(refreshes, 0);
  });

  test("fast mode asks for the high-speed model, as with the bundled plugin", async () => {
    // The plan has no other model, so any other id in the request would fail the turn.
    world.portal.settings.planModels = ["MiniMax-M2.7-highspeed"];
    const fast = async () => (await gateway.chat("hi", "main", "minimax-portal/MiniMax-M2.7")).text;
    const { requests } = await turn(fast);
    world.portal.settings.planModels = null;
    assertEachCarried(requests, { region: "global", generation: 1 });
  });

  test("a 401 costs one refresh, and the turn succeeds", async () => {
    world.portal.settings.accessTokenLifeMs = SHORT_MS;
    world.portal.regions.global.expireAccessTokens();
    const { answer, requests, refreshes } = await turn();
    assert.match(answer, /token generation 2/);
    const [refused, ...retried] = requests;
    assert.deepEqual([refused?.status, refused?.token?.generation], [401, 1]);
    assertEachCarried(retried, { region: "global", generation: 2 });
    assert.equal(refreshes, 1);
  });

  test("a token that ends between two turns is replaced before, behind them", async () => {
    const { portal } = world;
    const [first] = lastAccessTokens(portal);
    portal.settings.accessTokenLifeMs = HOUR_MS;
    // Real time, for the gateway has no other clock.
    while (lastAccessTokens(portal)[0] === first) await sleep(200);
    const [next] = lastAccessTokens(portal);
    assert.ok((next?.issuedAt ?? 0) < (first?.expiresAt ?? 0), "it had ended");
    await until(async () => (await storedExpiry()) > (first?.expiresAt ?? 0), "it was not stored");
    const { requests, refreshes } = await turn();
    assertEachCarried(requests, { region: "global", generation: (first?.generation ?? 0) + 1 });
    assert.equal(refreshes, 0);
  });

  test("a token that ended while the gateway was down is renewed without a person", async () => {
    const { portal } = world;
    assert.equal(await gateway.stop(), 0);
    portal.settings.accessTokenLifeMs = ENDS_SOON_MS;
    assert.equal((await world.openclaw(["minimax-portal", "refresh"])).code, 0);
    const [last] = lastAccessTokens(portal);
    const [signIns, refreshes] = [portal.record.deviceCalls.length, refreshCalls(portal)];
    portal.settings.accessTokenLifeMs = HOUR_MS;
    await sleep(Math.max(0, (last?.expiresAt ?? 0) - portal.now() + 100));
    gateway = await world.startGateway();
    const { requests } = await turn();
    assertEachCarried(requests, { region: "global", generation: (last?.generation ?? 0) + 1 });
    assert.equal(refreshCalls(portal) - refreshes, 1);
    assert.equal(portal.record.deviceCalls.length, signIns);
  });

  test("no secret was left in a file, a log or the output", async () => {
    await gateway.stop();
    assertNoTrace(world);
  });
});

/** The access tokens, newest first. */
function lastAccessTokens({ record }: Portal) {
  return record.issuedTokens.filter(({ kind }) => kind === "access").toReversed();
}

/** OpenClaw's docs, providers/minimax, "Fast mode". */
function useFastModeOf(world: World): void {
  const models = { "minimax-portal/MiniMax-M2.7": { params: { fastMode: true } } };
  editConfig(world, (config) => {
    const agents = config.agents as { defaults: { models: object } };
    const defaults = { ...agents.defaults, models: { ...agents.defaults.models, ...models } };
    return { ...config, agents: { ...agents, defaults } };
  });
}
