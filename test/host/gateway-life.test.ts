import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "../../fixtures/openclaw/gateway.ts";
import type { Fault } from "../../fixtures/portal/index.ts";
import { until } from "../support/until.ts";
import { assertNoTrace } from "./no-trace.ts";
import { modelRequests, refreshCalls } from "./record.ts";
import { allowChat, IN_A_WORLD, startWorld, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
const SHORT_LIFE_MS = 20_000;
/** So slow that a request which waited for a refresh could not be overlooked. */
const SLOW_REFRESH: Fault = { path: "/oauth2/token", grant: "refresh_token", kind: "delay", ms: 4_000 };
const RUN_MS = 120_000;
const PACE_MS = 1_000;
/** Of `gateway call`, which gives up after 10 s. */
const PATIENT = ["--timeout", "120000"];

// One story of one gateway, as in token-life.test.ts.
describe("months of a gateway, in a few minutes", IN_A_WORLD, () => {
  let world: World;
  let gateway: Gateway;
  before(async () => {
    world = await startWorld({ autoApprove: "approve", accessTokenLifeMs: SHORT_LIFE_MS });
    assert.equal((await world.onboard()).code, 0);
    allowChat(world);
    gateway = await world.startGateway();
    await chat("warm up");
  });
  after(() => world?.end());

  const output: string[] = [];
  async function chat(message = "hi") {
    const answer = await gateway.chat(message);
    output.push(answer.text);
    return answer;
  }
  const ofToken = () => world.portal.record.tokenCalls.filter(({ grant }) => grant === "refresh_token");
  const linesOfOurs = () =>
    gateway
      .output()
      .split("\n")
      .filter((line) => /MiniMax|minimax-portal/i.test(line));

  /** What the service tells the person who runs the gateway. */
  const notices = () => linesOfOurs().filter((line) => /\[plugins\] .*\[sign_in_required\]/.test(line));

  test("tokens of 20 s and a request a second: none fails, and none waits for a refresh", async () => {
    const { portal } = world;
    portal.settings.faults = [SLOW_REFRESH];
    const from = { requests: modelRequests(portal).length, calls: ofToken().length };
    const end = Date.now() + RUN_MS;
    const turns: Promise<{ status: number }>[] = [];
    while (Date.now() < end) {
      turns.push(chat());
      await sleep(PACE_MS);
    }
    const answers = await Promise.all(turns);
    portal.settings.faults = [];
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));

    const requests = modelRequests(portal).slice(from.requests);
    assert.deepEqual(new Set(requests.map(({ status }) => status)), new Set([200]), "a 401 came between");
    const calls = ofToken().slice(from.calls);
    assert.ok(calls.length >= RUN_MS / SHORT_LIFE_MS, `${calls.length} refreshes`);
    assert.ok(calls.every(({ outcome, reuse }) => outcome === "success" && !reuse));
    const generations = calls.map(({ generation }) => generation);
    assert.equal(new Set(generations).size, generations.length, "a generation was refreshed twice");
    // Each refresh took four seconds; in each, requests went out with the token of before.
    const during = portal.record.requests
      .filter(({ path, at }) => path === "/oauth2/token" && at > Date.now() - RUN_MS)
      .map(({ at, endedAt }) =>
        requests.filter((request) => request.at > at && request.at < (endedAt ?? Number.POSITIVE_INFINITY)),
      );
    assert.ok(during.filter((inIt) => inIt.length > 0).length >= during.length / 2, "requests waited");
  });

  test("and the log says nothing of it", () => {
    assert.equal(linesOfOurs().filter((line) => /signed in|warn|error|fail/i.test(line)).length, 1);
  });

  test("killed in the middle of a refresh, it signs itself in again", async () => {
    const { portal } = world;
    portal.settings.faults = [{ path: "/oauth2/token", kind: "hang" }];
    const asked = portal.record.requests.length;
    await until(() => portal.record.requests.slice(asked).some(({ path }) => path === "/oauth2/token"));
    await gateway.kill();
    portal.settings.faults = [];
    portal.settings.accessTokenLifeMs = HOUR_MS;
    gateway = await world.startGateway();
    assert.equal((await chat()).status, 200);
  });

  test("a revoked sign-in is told once, with the command, and MiniMax is not asked again", async () => {
    const { portal } = world;
    portal.regions.global.revokeAll();
    assert.match((await chat()).text, /openclaw onboard --auth-choice minimax-portal/);
    const calls = portal.record.tokenCalls.length;
    for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 10 }, () => chat()));
    assert.equal(portal.record.tokenCalls.length, calls);
    await until(() => notices().length > 0, "the log does not say that a person is needed");
    assert.match(await health(), /minimax-keychain: failed/);
    assert.equal(notices().length, 1);
  });

  test("a chat message signs a gateway without a screen in again, without a restart", async () => {
    const { portal } = world;
    portal.settings.autoApprove = "off";
    const link = await command("/minimax-login");
    assert.match(link, /user_code=/);
    portal.regions.global.approve(await portal.regions.global.waitForCode());
    let reply = link;
    while (/user_code=/.test(reply)) reply = await command("/minimax-login");
    assert.match(reply, /Signed in to MiniMax \(Global\)/);
    assert.equal((await chat()).status, 200);
    // The service looks every few seconds.
    await until(
      async () => !/minimax-keychain: failed/.test(await health()),
      "its health does not know of the sign-in",
    );
  });

  test("`login` in another process signs the running gateway in again, without a restart", async () => {
    const { portal } = world;
    portal.regions.global.revokeAll();
    assert.match((await chat()).text, /openclaw onboard --auth-choice minimax-portal/);
    assert.match((await chat()).text, /openclaw onboard --auth-choice minimax-portal/);
    portal.settings.autoApprove = "approve";
    const { code, stderr } = await world.openclaw(["minimax-portal", "login", "--region", "global"]);
    assert.equal(code, 0, stderr);
    assert.equal((await chat()).status, 200);
  });

  test("`openclaw status --usage` shows the plan", async () => {
    // The usage gets what looking at the gateway left of the host's minute.
    const end = Date.now() + 300_000;
    let shown = "";
    while (!/MiniMax coding plan\n[^:]+: unlimited\n +general: 72% left/.test(shown)) {
      assert.ok(Date.now() < end, shown);
      shown = (await world.through(gateway, ["status", "--usage"])).stdout;
    }
  });

  test("twenty turns that meet a 401 at once cost one refresh, and all succeed", async () => {
    const calls = refreshCalls(world.portal);
    world.portal.regions.global.expireAccessTokens();
    const answers = await Promise.all(Array.from({ length: 20 }, () => chat()));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(refreshCalls(world.portal) - calls, 1);
  });

  test("an error that echoes the newest token shows it nowhere", async () => {
    const token = world.portal.record.issuedTokens.findLast(({ kind }) => kind === "access")?.value;
    const body = { type: "error", error: { type: "invalid_request_error", message: `bad: ${token}` } };
    world.portal.settings.faults = [
      { path: "/anthropic/v1/messages", kind: "status", status: 400, body, times: 1 },
    ];
    const { text } = await chat();
    assert.ok(!text.includes(String(token)));
    world.portal.settings.faults = [];
  });

  test("no secret was left in a file, a log or the output", async () => {
    await gateway.stop();
    world.heard(output.join("\n"));
    assertNoTrace(world);
  });

  /** As it is now; without --verbose it may be a minute old. */
  const health = async () => (await world.through(gateway, ["health", "--verbose"])).stdout;

  /** A message in the gateway's own chat; resolves with the reply. */
  async function command(message: string): Promise<string> {
    const sessionKey = "agent:main:main";
    const call = async (method: string, params: object) => {
      const command = ["gateway", "call", method, "--json", "--params", JSON.stringify(params)];
      const { code, stdout, stderr } = await world.through(gateway, [...command, ...PATIENT]);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const idempotencyKey = `k${Date.now()}`;
    await call("chat.send", { sessionKey, message, idempotencyKey });
    for (;;) {
      const { messages } = JSON.parse(await call("chat.history", { sessionKey, limit: 5 }));
      const reply = messages.find(
        (each: { role: string; idempotencyKey?: string }) =>
          each.role === "assistant" && each.idempotencyKey === idempotencyKey,
      );
      if (reply) return reply.content[0].text;
    }
  }
});
