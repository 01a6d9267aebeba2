import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MODELS } from "../../src/index.ts";
import { assertNoTrace } from "./no-trace.ts";
import { assertEachCarried, modelRequests } from "./record.ts";
import { signInAt } from "./wizard.ts";
import { IN_A_WORLD, startWorld, type World } from "./world.ts";

// One story: each test goes on where the one before it ended, for a new OpenClaw takes half a minute.
describe("signing in, in the real OpenClaw", IN_A_WORLD, () => {
  let world: World;
  before(async () => {
    // As it comes, in every respect.
    world = await startWorld({}, { memory: true });
  });
  after(() => world?.end());

  /** The requests that reach a model while `work` runs. */
  async function requestsDuring(work: () => Promise<unknown>) {
    const before = modelRequests(world.portal).length;
    await work();
    return modelRequests(world.portal).slice(before);
  }

  test("a person in a terminal signs in to Global", async () => {
    const { portal } = world;
    await signInAt(portal.regions.global, world.onboardInTerminal());
    assert.deepEqual(await world.accountsInKeychain(), ["default"]);
    assert.equal(portal.regions.global.record.issuedTokens.length, 2);
    assert.deepEqual(portal.regions.cn.record.requests, []);
  });

  test("`plugins doctor` says of the plugin only that it comes before the bundled one", async () => {
    const { stdout, stderr } = await world.openclaw(["plugins", "doctor"]);
    const ours = `${stdout}\n${stderr}`.split("\n").filter((line) => /minimax/i.test(line));
    assert.deepEqual(ours, ["- minimax: provider already registered: minimax-portal (minimax-keychain)"]);
  });

  test("`models list` shows the plan's models", async () => {
    const { code, stdout } = await world.openclaw(["models", "list", "--provider", "minimax-portal"]);
    assert.equal(code, 0);
    const listed = stdout.match(/^minimax-portal\/\S+/gm) ?? [];
    assert.deepEqual(listed.sort(), MODELS.map(({ id }) => `minimax-portal/${id}`).sort());
  });

  test("`models status --probe` is ok", async () => {
    const { code, stdout } = await world.openclaw([
      "models",
      "status",
      "--probe",
      "--probe-timeout",
      "120000",
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /minimax-portal\/MiniMax-M3.*\bok\b/);
  });

  test("a turn of `agent --local` carries the token", async () => {
    const requests = await requestsDuring(async () => {
      const command = ["agent", "--local", "--agent", "main", "--session-id", "local", "-m", "hi"];
      const { code, stdout } = await world.openclaw(command);
      assert.equal(code, 0);
      assert.match(stdout, /token generation 1/);
    });
    assertEachCarried(requests, { region: "global", generation: 1 });
  });

  test("`infer model run --local` carries the token", async () => {
    const requests = await requestsDuring(async () => {
      const { code, stdout } = await world.openclaw(["infer", "model", "run", "--local", "--prompt", "hi"]);
      assert.equal(code, 0);
      assert.match(stdout, /token generation 1/);
    });
    assertEachCarried(requests, { region: "global", generation: 1 });
  });

  test("a person signs in again, to CN: from then on requests go there", async () => {
    await signInAt(world.portal.regions.cn, world.onboardInTerminal());
    const requests = await requestsDuring(() =>
      world.openclaw(["infer", "model", "run", "--local", "--prompt", "hi"]),
    );
    assertEachCarried(requests, { region: "cn", generation: 1 });
    assert.deepEqual(await world.accountsInKeychain(), ["default"]);
  });

  test("`minimax-portal logout` leaves nothing in the keychain, and the next turn asks for a sign-in", async () => {
    assert.equal((await world.openclaw(["minimax-portal", "logout"])).code, 0);
    assert.deepEqual(await world.accountsInKeychain(), []);
    const requests = await requestsDuring(async () => {
      const { code, stderr } = await world.openclaw(["infer", "model", "run", "--local", "--prompt", "hi"]);
      assert.notEqual(code, 0);
      assert.match(stderr, /\[sign_in_required\]/);
    });
    assert.deepEqual(requests, []);
  });

  test("no secret was left in a file, a log or the output", () => assertNoTrace(world));
});
