import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "../../fixtures/openclaw/gateway.ts";
import type { Portal } from "../../fixtures/portal/index.ts";
import { assertNoTrace } from "./no-trace.ts";
import { assertEachCarried, modelRequests, refreshCalls } from "./record.ts";
import { editConfig, IN_A_WORLD, startWorld, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
/**
 * Short enough to wait for its end. Long enough for the turn that it was fetched for: such a token is renewed
 * at half its life, and after a 401 the host takes its time before it tries again.
 */
const SHORT_MS = 40_000;

// One story of one gateway, as in sign-in.test.ts: the generation counts up from test to test.
describe("a token's life under the gateway", IN_A_WORLD, () => {
  let world: World;
  let gateway: Gateway;
  before(async () => {
    world = await startWorld({ autoApprove: "approve", accessTokenLifeMs: HOUR_MS });
  });
  after(() => world?.end());

  /** One turn: the requests it made, and the refreshes. */
  async function turn(model?: string) {
    const before = { requests: modelRequests(world.portal).length, refreshes: refreshCalls(world.portal) };
    const answer = await world.ask(gateway, model);
    return {
      answer,
      requests: modelRequests(world.portal).slice(before.requests),
      refreshes: refreshCalls(world.portal) - before.refreshes,
    };
  }

  test("a script signs in, to Global unless told otherwise", async () => {
    const { code, stdout } = await world.onboard();
    assert.equal(code, 0);
    assert.match(stdout, /Endpoint: Global \(api\.minimax\.io\)\. For China: --minimax-region cn/);
    assert.match(stdout, /Signed in to MiniMax \(Global\)\./);
    assert.deepEqual(await world.accountsInKeychain(), ["default"]);
    useFastModeOf(world);
  });

  test("a turn of the gateway carries the token, without a refresh", async () => {
    gateway = await world.startGateway();
    const { answer, requests, refreshes } = await turn();
    assert.match(answer, /token generation 1/);
    assertEachCarried(requests, { region: "global", generation: 1 });
    assert.equal(refreshes, 0);
  });

  test("fast mode asks for the high-speed model, as with the bundled plugin", async () => {
    // The plan has no other model, so any other id in the request would fail the turn.
    world.portal.settings.planModels = ["MiniMax-M2.7-highspeed"];
    const { requests } = await turn("minimax-portal/MiniMax-M2.7");
    world.portal.settings.planModels = null;
    assertEachCarried(requests, { region: "global", generation: 1 });
  });

  test("a 401 costs one refresh, and the turn succeeds", async () => {
    world.portal.regions.global.expireAccessTokens();
    const { answer, requests, refreshes } = await nextTokenLives(world.portal, SHORT_MS, turn);
    assert.match(answer, /token generation 2/);
    const [refused, ...retried] = requests;
    assert.deepEqual([refused?.status, refused?.token?.generation], [401, 1]);
    assertEachCarried(retried, { region: "global", generation: 2 });
    assert.equal(refreshes, 1);
  });

  test("a token that ended between two turns is refreshed once, before the request", async () => {
    await untilTokenEnds(world.portal);
    const { answer, requests, refreshes } = await nextTokenLives(world.portal, SHORT_MS, turn);
    assert.match(answer, /token generation 3/);
    assertEachCarried(requests, { region: "global", generation: 3 });
    assert.equal(refreshes, 1);
  });

  test("a token that ended while the gateway was down is renewed without a person", async () => {
    assert.equal(await gateway.stop(), 0);
    const { record } = world.portal;
    const [signIns, refreshes] = [record.deviceCalls.length, refreshCalls(world.portal)];
    await untilTokenEnds(world.portal);
    gateway = await world.startGateway();
    const { answer, requests } = await turn();
    assert.match(answer, /token generation 4/);
    assertEachCarried(requests, { region: "global", generation: 4 });
    assert.equal(refreshCalls(world.portal) - refreshes, 1);
    assert.equal(record.deviceCalls.length, signIns);
  });

  test("no secret was left in a file, a log or the output", async () => {
    await gateway.stop();
    assertNoTrace(world);
  });
});

/** Does `work`; the next access token gets this life, and those after it an hour again. */
async function nextTokenLives<T>({ settings, record }: Portal, lifeMs: number, work: () => Promise<T>) {
  const before = record.issuedTokens.length;
  settings.accessTokenLifeMs = lifeMs;
  const watch = setInterval(() => {
    if (record.issuedTokens.length > before) settings.accessTokenLifeMs = HOUR_MS;
  }, 5);
  try {
    return await work();
  } finally {
    clearInterval(watch);
    settings.accessTokenLifeMs = HOUR_MS;
  }
}

/** Real time, for the gateway has no other clock. */
async function untilTokenEnds({ record, now }: Portal): Promise<void> {
  const last = record.issuedTokens.findLast(({ kind }) => kind === "access");
  await sleep(Math.max(0, (last?.expiresAt ?? 0) - now() + 100));
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
