import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "../../fixtures/openclaw/gateway.ts";
import { PLUGIN_ID } from "../../fixtures/openclaw/throwaway.ts";
import { type Relay, startRelay } from "../../fixtures/portal/relay.ts";
import { assertNoTrace } from "./no-trace.ts";
import { assertEachCarried, modelRequests, refreshCalls } from "./record.ts";
import { allowChat, editConfig, IN_A_WORLD, INFER, startWorld, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
/** A token of this life is renewed from half of it on. */
const SHORT_MS = 90_000;
/** So long before its end no turn is begun that must succeed: it may take its time on a slow machine. */
const MARGIN_MS = 30_000;
const PACE_MS = 1_000;

// One story of one gateway, as in token-life.test.ts: the generation counts up from test to test.
describe("MiniMax's sign-in server is down, its models are not", IN_A_WORLD, () => {
  let world: World;
  let relay: Relay;
  let gateway: Gateway;
  before(async () => {
    world = await startWorld({ autoApprove: "approve", accessTokenLifeMs: HOUR_MS });
    relay = await startRelay(world.portal.regions.global.url);
    signInAtRelay(world, relay);
    assert.equal((await world.onboard()).code, 0);
    allowChat(world);
    gateway = await world.startGateway();
    world.portal.settings.accessTokenLifeMs = SHORT_MS;
    world.portal.regions.global.expireAccessTokens();
    assert.match((await gateway.chat("hi")).text, /token generation 2/);
  });
  after(async () => {
    await world?.end();
    await relay?.close();
  });

  const tokenEnd = () =>
    world.portal.record.issuedTokens.findLast(({ kind }) => kind === "access")?.expiresAt ?? 0;

  test("while the token is valid, turns go on, and the failed refreshes behind them cost nothing", async () => {
    const { portal } = world;
    const before = modelRequests(portal).length;
    await relay.close();
    const statuses: number[] = [];
    while (portal.now() < tokenEnd() - MARGIN_MS) {
      statuses.push((await gateway.chat("hi")).status);
      await sleep(PACE_MS);
    }
    assert.deepEqual(new Set(statuses), new Set([200]));
    assertEachCarried(modelRequests(portal).slice(before), { region: "global", generation: 2 });
    const { outcomes } = JSON.parse(
      (await openclaw("minimax-portal", "status", "--json", "--no-usage")).stdout,
    );
    const failed = outcomes.filter(({ code }: { code: string }) => code === "portal_unreachable");
    assert.ok(
      failed.some(({ at }: { at: number }) => at < tokenEnd()),
      "no refresh was tried",
    );
  });

  test("after its end a turn says what is down, that the sign-in is kept, and what happens next", async () => {
    const { portal } = world;
    const before = modelRequests(portal).length;
    await sleep(Math.max(0, tokenEnd() - portal.now() + 100));
    const message = [
      `No new token came from MiniMax's sign-in server: ${new URL(relay.url).host} cannot be reached (ECONNREFUSED).`,
      "Your sign-in is kept. Nothing to do: the next request tries again. [portal_unreachable]",
    ].join(" ");
    const answer = await world.ask(gateway);
    assert.ok(answer.includes(message), answer);
    const { code, stderr } = await openclaw(...INFER);
    assert.equal(code, 1);
    // In other words when the gateway has just asked and this process has to wait for its turn.
    assert.match(
      stderr,
      /MiniMax's sign-in server.* Your sign-in is kept\. Nothing to do: .*\[portal_unreachable\]/,
    );
    assert.equal(modelRequests(portal).length, before);
  });

  test("when it is up again the very next turn works, with one refresh and without a person", async () => {
    const { portal } = world;
    const [requests, refreshes] = [modelRequests(portal).length, refreshCalls(portal)];
    portal.settings.accessTokenLifeMs = HOUR_MS;
    await relay.reopen();
    const { status, text } = await gateway.chat("hi");
    assert.equal(status, 200, text);
    const { code, stdout } = await openclaw(...INFER);
    assert.equal(code, 0);
    assert.match(stdout, /token generation 3/);
    assertEachCarried(modelRequests(portal).slice(requests), { region: "global", generation: 3 });
    assert.equal(refreshCalls(portal) - refreshes, 1);
    assert.equal(portal.record.deviceCalls.length, 1);
    assert.ok(!portal.record.tokenCalls.some(({ reuse }) => reuse));
  });

  test("no secret was left in a file, a log or the output", async () => {
    await gateway.stop();
    assertNoTrace(world);
  });

  const openclaw = (...command: string[]) => world.openclaw(command);
});

/** Only the sign-in server can go down; models are asked where they are. */
function signInAtRelay(world: World, relay: Relay): void {
  editConfig(world, (config) => {
    const plugins = config.plugins as { entries: Record<string, { config: { endpoints: Endpoints } }> };
    const entry = plugins.entries[PLUGIN_ID];
    if (entry) entry.config.endpoints.global.authorization = relay.url;
    return { ...config, plugins };
  });
}

interface Endpoints {
  readonly global: { authorization: string };
}
