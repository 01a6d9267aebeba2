import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { secretTool } from "../../fixtures/secret-service/secret-tool.ts";
import { assertEachCarried, modelRequests } from "./record.ts";
import { answerToEnd, chooseEndpoint, chooseOption, signInAt } from "./wizard.ts";
import { editConfig, IN_A_WORLD, startWorld, type World } from "./world.ts";

// The customer's document, as one story: each test goes on where the one before it ended.
describe("the document's way with OAuth, and what it says of models", IN_A_WORLD, () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world?.end());

  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await world.openclaw(args);
    return { code, output: `${stdout}\n${stderr}` };
  };
  const ask = (model: string) => run("infer", "model", "run", "--local", "--model", model, "--prompt", "hi");
  const primary = () => JSON.parse(world.config()).agents.defaults.model.primary;

  test("section 1: `plugins enable minimax-portal-auth` is the bundled plugin's old name, and harmless", async () => {
    const { code, output } = await run("plugins", "enable", "minimax-portal-auth");
    assert.equal(code, 0, output);
    const { entries } = JSON.parse(world.config()).plugins;
    assert.notEqual(entries["minimax-keychain"]?.enabled, false);
  });

  test("section 1: `gateway restart` fails without a gateway service, and says why", async () => {
    const { code, output } = await run("gateway", "restart");
    assert.equal(code, 1);
    assert.match(output, /Gateway restart failed|not (?:installed|loaded)/);
  });

  test("section 1: `onboard --auth-choice minimax-portal` asks for the endpoint and signs in, here to China", async () => {
    await signInAt(world.portal.regions.cn, world.onboardInTerminal());
    assert.deepEqual(await world.accountsInKeychain(), ["default"]);
  });

  test("section 9: `models set minimax-portal/MiniMax-M2.1` selects it, and it answers", async () => {
    assert.equal((await run("models", "set", "minimax-portal/MiniMax-M2.1")).code, 0);
    assert.equal(primary(), "minimax-portal/MiniMax-M2.1");
    world.portal.settings.planModels = ["MiniMax-M2.1"];
    const { code, output } = await run("infer", "model", "run", "--local", "--prompt", "hi");
    world.portal.settings.planModels = null;
    assert.equal(code, 0, output);
    assertEachCarried(modelRequests(world.portal), { region: "cn", generation: 1 });
  });

  test("section 10: a wrongly cased id is corrected, when it is set and when it is asked for", async () => {
    assert.equal((await run("models", "set", "minimax-portal/minimax-m2.1-LIGHTNING")).code, 0);
    assert.equal(primary(), "minimax-portal/MiniMax-M2.1-lightning");
    const { code, output } = await ask("minimax-portal/MINIMAX-m2.7");
    assert.equal(code, 0, output);
  });

  test("section 7: Lightning can be selected beside M2.1", async () => {
    world.portal.settings.planModels = ["MiniMax-M2.1-lightning"];
    const { code, output } = await run("infer", "model", "run", "--local", "--prompt", "hi");
    world.portal.settings.planModels = null;
    assert.equal(code, 0, output);
    assert.match(world.printed(), /Lightning: on the coding plan MiniMax\s+routes/);
  });

  test("section 10: a model that the plan lacks is named at once, without tries for a minute and a half", async () => {
    world.portal.settings.planModels = ["MiniMax-M3"];
    const before = modelRequests(world.portal).length;
    const session = ["--agent", "main", "--session-id", "not-in-plan"];
    const { code, output } = await run(
      ...["agent", "--local", ...session, "--model", "minimax-portal/MiniMax-M2.7", "-m", "hi"],
    );
    world.portal.settings.planModels = null;
    assert.notEqual(code, 0);
    assert.match(output, /Your MiniMax coding plan does not include MiniMax-M2\.7/);
    assert.match(output, /openclaw models set minimax-portal\/MiniMax-M3/);
    assert.ok(modelRequests(world.portal).length - before <= 3);
  });

  test("section 10: a typo gets the nearest id", async () => {
    const { code, output } = await ask("minimax-portal/MiniMax-M21");
    assert.notEqual(code, 0);
    assert.match(output, /Perhaps MiniMax-M2\.1 is meant/);
  });

  test("section 10: the doctor names each cause with its fix, and with --online a model that the plan lacks", async () => {
    const before = world.config();
    const fallbacks = ["minimax-portal/minimax-m2.1", "minimax-portal/MiniMax-M21"];
    fallbacks.push("mini-max/MiniMax-M3", "minimax/MiniMax-M2.1");
    editConfig(world, (config) => {
      const agents = config.agents as { defaults: object };
      const model = { primary: "minimax-portal/MiniMax-M2.7", fallbacks };
      return { ...config, agents: { ...agents, defaults: { ...agents.defaults, model } } };
    });
    world.portal.settings.planModels = ["MiniMax-M3"];
    const { stdout } = await world.openclaw(["minimax-portal", "doctor", "--online", "--json"]);
    world.portal.settings.planModels = null;
    writeFileSync(world.host.configPath, before);
    const findings: { code: string; text: string; fix?: string }[] = JSON.parse(stdout).findings;
    for (const [code, text, fix] of [
      ["model_wrong_case", /"minimax-portal\/minimax-m2\.1".*it is called MiniMax-M2\.1/, /MiniMax-M2\.1/],
      ["model_unknown", /"minimax-portal\/MiniMax-M21".*perhaps MiniMax-M2\.1/, /MiniMax-M2\.1/],
      ["provider_unknown", /no provider "mini-max"/, /minimax-portal\/MiniMax-M3/],
      ["model_not_set_up", /models\.providers\.minimax does not list MiniMax-M2\.1/, /preset api-key/],
      ["model_not_in_plan", /the plan does not include MiniMax-M2\.7/, /models set/],
    ] as const) {
      const found = findings.find((finding) => finding.code === code);
      assert.match(found?.text ?? "", text, stdout);
      assert.match(found?.fix ?? "", fix);
    }
  });

  test("section 10: without a provider block both prefixes say that the model is unknown", async () => {
    const before = world.config();
    editConfig(world, (config) => ({ ...config, models: {} }));
    const ours = await ask("minimax-portal/minimax-m2.1");
    const bundled = await ask("minimax/MiniMax-M2.1");
    writeFileSync(world.host.configPath, before);
    assert.notEqual(ours.code, 0);
    // The model has an alias, and then OpenClaw says by itself which entry is missing.
    assert.match(ours.output, /Unknown model: minimax-portal\/MiniMax-M2\.1.*no matching models\.providers/);
    assert.notEqual(bundled.code, 0);
    assert.match(bundled.output, /Unknown model: minimax\/MiniMax-M2\.1/);
  });

  test("section 8: the document's usage address answers to the plan's token", async () => {
    const item = ["lookup", "service", "openclaw-minimax-portal", "account", "default"];
    const { stdout } = await secretTool({ ...world.secrets.env }, item);
    const token = /"accessToken":"([^"]+)"/.exec(stdout)?.[1] ?? assert.fail("no item in the keychain");
    const address = `${world.portal.regions.cn.url}/v1/api/openplatform/coding_plan/remains`;
    const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    const body = (await answer.json()) as { base_resp: { status_code: number }; model_remains: unknown[] };
    assert.equal(body.base_resp.status_code, 0);
    assert.ok(body.model_remains.length > 0);
  });

  test("section 5: `configure`, Model, More…, MiniMax signs in; `preset oauth` makes all models usable", async () => {
    const { global } = world.portal.regions;
    const terminal = world.openTerminal(["configure", "--section", "model"]);
    await chooseOption(terminal, /^More…/);
    await chooseOption(terminal, /^MiniMax\b/);
    await chooseOption(terminal, /^MiniMax OAuth(?! \()|^MiniMax OAuth \(coding plan/);
    const code = await chooseEndpoint(terminal, "global");
    assert.match(terminal.text(), /● +CN\b/, "the endpoint of the sign-in before is offered first");
    assert.ok(global.approve(code));
    await terminal.waitFor("Signed in to MiniMax (Global).");
    assert.equal(await answerToEnd(terminal), 0, terminal.text());

    const { code: applied, output } = await run("minimax-portal", "preset", "oauth", "--yes");
    assert.equal(applied, 0, output);
    const { agents } = JSON.parse(world.config());
    for (const agent of [agents.defaults, ...Object.values(agents.entries ?? {})]) {
      const allow = (agent as { modelPolicy?: { allow?: string[] } }).modelPolicy?.allow;
      if (allow) assert.ok(allow.includes("minimax-portal/*"), JSON.stringify(allow));
    }
    const asked = modelRequests(world.portal).length;
    const session = ["--agent", "main", "--session-id", "after-configure"];
    const turn = await run(
      "agent",
      "--local",
      ...session,
      "--model",
      "minimax-portal/MiniMax-M2.7",
      "-m",
      "hi",
    );
    assert.equal(turn.code, 0, turn.output);
    assertEachCarried(modelRequests(world.portal).slice(asked), { region: "global", generation: 1 });
  });
});
