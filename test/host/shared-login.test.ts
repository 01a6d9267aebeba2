import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "../../fixtures/openclaw/gateway.ts";
import type { Fault } from "../../fixtures/portal/index.ts";
import { userStateDirectory } from "../../src/index.ts";
import { assertNoTrace } from "./no-trace.ts";
import { assertEachCarried, modelRequests, refreshCalls } from "./record.ts";
import { allowChat, editConfig, IN_A_WORLD, INFER, startWorld, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
const SHORT_LIFE_MS = 30_000;
/** The answers to the first requests come so late, and the refresh after them, that all meet in it. */
const SLOW: readonly Fault[] = [
  { path: "/anthropic/v1/messages", kind: "delay", ms: 8_000, times: 3 },
  { path: "/oauth2/token", grant: "refresh_token", kind: "delay", ms: 5_000 },
];
const PACE_MS = 1_000;

// One story, as in token-life.test.ts: the generation counts up from test to test.
describe("two OpenClaws of one person, and one sign-in", IN_A_WORLD, () => {
  let first: World;
  let second: World;
  let gateways: Gateway[];
  before(async () => {
    first = await startWorld({ autoApprove: "approve", accessTokenLifeMs: HOUR_MS });
    second = await first.another();
  });
  after(() => first?.end());

  test("signed in with the one, the other needs its config only", async () => {
    assert.equal((await first.onboard()).code, 0);
    assert.equal((await second.openclaw(["minimax-portal", "preset", "oauth", "--yes"])).code, 0);
    const { gateway } = JSON.parse(first.config());
    editConfig(second, (config) => ({ ...config, gateway }));
    gateways = [];
    for (const world of [first, second]) {
      allowChat(world);
      gateways.push(await world.startGateway());
    }
    for (const { status } of await chats()) assert.equal(status, 200);
    assertEachCarried(modelRequests(first.portal), { region: "global", generation: 1 });
    assert.equal(first.portal.record.deviceCalls.length, 1);
    assert.deepEqual(await first.accountsInKeychain(), ["default"]);
    assert.notEqual(first.host.configPath, second.host.configPath);
    assert.ok(existsSync(userStateDirectory(first.host.env, process.platform)));
  });

  test("the token ends; both gateways and a command need another at once: one call gets it", async () => {
    const { portal } = first;
    const before = { requests: modelRequests(portal).length, refreshes: refreshCalls(portal) };
    const asked = portal.record.requests.length;
    portal.settings.faults = [...SLOW];
    portal.regions.global.expireAccessTokens();
    const command = second.openclaw(INFER);
    // It starts for seconds, the others for none.
    const asking = portal.record.waitForRequest(
      ({ path, number }) => path === "/anthropic/v1/messages" && number > asked,
    );
    // Or the command ends without.
    await Promise.race([asking, command]);
    const answers = await chats();
    const { code, stdout } = await command;
    portal.settings.faults = [];

    for (const { status, text } of answers) {
      assert.equal(status, 200, text);
      assert.match(text, /token generation 2/);
    }
    assert.equal(code, 0);
    assert.match(stdout, /token generation 2/);
    const requests = modelRequests(portal).slice(before.requests);
    const refused = requests.filter(({ status }) => status === 401);
    assert.deepEqual(
      refused.map(({ token }) => token?.generation),
      [1, 1, 1],
      "they did not all need one",
    );
    assertEachCarried(
      requests.filter(({ status }) => status !== 401),
      { region: "global", generation: 2 },
    );
    assert.equal(refreshCalls(portal) - before.refreshes, 1);
  });

  test("tokens of 30 s, and both gateways at work: each is replaced once, before its end", async () => {
    const { portal } = first;
    portal.settings.accessTokenLifeMs = SHORT_LIFE_MS;
    assert.equal((await first.openclaw(["minimax-portal", "refresh"])).code, 0);
    const from = modelRequests(portal).length;
    const until = refreshCalls(portal) + 3;
    while (refreshCalls(portal) < until) {
      for (const { status, text } of await chats()) assert.equal(status, 200, text);
      await sleep(PACE_MS);
    }
    assert.deepEqual(
      new Set(
        modelRequests(portal)
          .slice(from)
          .map(({ status }) => status),
      ),
      new Set([200]),
    );
    const calls = portal.record.tokenCalls.filter(({ grant }) => grant === "refresh_token");
    assert.deepEqual(
      calls.map(({ generation, outcome, reuse }) => ({ generation, outcome, reuse })),
      calls.map((_, index) => ({ generation: index + 1, outcome: "success", reuse: false })),
    );
  });

  test("no secret was left in a file, a log or the output of either", async () => {
    for (const gateway of gateways) await gateway.stop();
    for (const world of [first, second]) assertNoTrace(world);
  });

  const chats = () => Promise.all(gateways.map((gateway) => gateway.chat("hi")));
});
