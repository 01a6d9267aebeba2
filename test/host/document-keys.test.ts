import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ModelServer,
  startFailingAnthropic,
  startLmStudio,
  startMiniMaxApi,
} from "../../fixtures/model-servers/index.ts";
import { command } from "../../fixtures/openclaw/command.ts";
import type { Gateway } from "../../fixtures/openclaw/gateway.ts";
import { scanForSecrets } from "../../fixtures/openclaw/secret-scan.ts";
import { CTRL_C, ENTER } from "../../fixtures/openclaw/terminal.ts";
import { secretTool } from "../../fixtures/secret-service/secret-tool.ts";
import { LM_STUDIO_MODEL, MODELS } from "../../src/index.ts";
import { assertOnlyAdded, printedApiKeyConfig } from "./document.ts";
import { badDay, type FallbackConfig, fallbackConfig, PLAN_FIRST } from "./fallback.ts";
import { modelRequests } from "./record.ts";
import { besideConfig, IN_A_WORLD, startWorld, type World } from "./world.ts";

const KEY = "sk-api-throwaway-0123456789abcdef";
const SCRIPTS_KEY = `${KEY}-of-a-script`;
/** In China, and never in a config: OpenClaw keeps older ones. */
const CN_KEY = "sk-cn-unseen-fedcba9876543210";
const OPUS = "anthropic/claude-opus-4-6";
const LM_STUDIO = "http://127.0.0.1:1234";

// The customer's document, sections 2 to 4: what is printed there, and what the presets make of it.
describe("the document's ways with an API key, a fallback and LM Studio", IN_A_WORLD, () => {
  let world: World;
  let minimax: Readonly<Record<"global" | "cn", ModelServer>>;
  let lmStudio: ModelServer;
  /** The config after the installation. */
  let installed: string;
  before(async () => {
    world = await startWorld({ autoApprove: "approve" });
    const ids = MODELS.map(({ id }) => id);
    minimax = { global: await startMiniMaxApi(KEY, ids), cn: await startMiniMaxApi(CN_KEY, ids) };
    lmStudio = await startLmStudio(LM_STUDIO_MODEL.id, LM_STUDIO_MODEL.contextWindow);
    installed = world.config();
  });
  beforeEach(() => {
    for (const server of [minimax.global, minimax.cn, lmStudio]) server.reset();
  });
  after(async () => {
    await Promise.all([minimax?.global, minimax?.cn, lmStudio].map((server) => server?.close()));
    await world?.end();
  });

  /** Writes a config as a person would: JSON5 with comments, beside what the installation left. */
  function writeConfig(sections: Readonly<Record<string, unknown>>): string {
    const parts = Object.entries({ ...JSON.parse(installed), ...sections }).map(
      ([name, value]) =>
        `  // mine: ${name}\n  ${name}: ${JSON.stringify(value, null, 2).replaceAll("\n", "\n  ")},\n`,
    );
    const text = `// my OpenClaw\n{\n${parts.join("\n")}}\n// the end\n`;
    writeFileSync(world.host.configPath, text);
    return text;
  }

  const preset = (...args: string[]) => world.openclaw(["minimax-portal", "preset", ...args]);
  /** The key as the keychain has it. */
  const keyInKeychain = async () => {
    const item = ["lookup", "service", "openclaw-minimax-portal", "account", "api-key:minimax"];
    return (await secretTool({ ...world.secrets.env }, item)).stdout.trim();
  };
  const atStandIns = (config: string) =>
    config
      .replaceAll("https://api.minimax.io", minimax.global.url)
      .replaceAll("https://api.minimaxi.com", minimax.cn.url)
      .replaceAll(LM_STUDIO, lmStudio.url);

  /** Runs `openclaw` with the config as it is, but for the addresses, which are the stand-ins'. */
  function atStandInsRun(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const path = besideConfig(world, "at-stand-ins.json");
    writeFileSync(path, atStandIns(world.config()));
    return world.openclaw(args, { env: { ...world.host.env, OPENCLAW_CONFIG_PATH: path, ...env } });
  }
  const ask = (model: string, env?: NodeJS.ProcessEnv) =>
    atStandInsRun(["infer", "model", "run", "--local", "--model", model, "--prompt", "hi"], env);

  async function assertTakenBack(before: string) {
    const { code, stdout, stderr } = await preset("--undo", "--yes");
    assert.equal(code, 0, stdout + stderr);
    assert.equal(world.config(), before);
  }

  test("section 2: a preset shows its change and writes nothing without --yes", async () => {
    const before = writeConfig({});
    const { code, stdout } = await preset("api-key");
    assert.equal(code, 1);
    assert.match(stdout, /^\+.*minimax\/MiniMax-M2\.1/m);
    assert.match(stdout, /Nothing was changed\. To apply it, add --yes/);
    assert.equal(world.config(), before);
    assert.equal(existsSync(`${world.host.configPath}.minimax-undo`), false);
  });

  test("section 2 as printed: OpenClaw takes no command before `openclaw doctor --fix` has moved the key; then it answers", async () => {
    const before = writeConfig(printedApiKeyConfig(KEY));
    const refused = await preset("api-key", "--yes");
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /invalid config[\s\S]*env: .*"MINIMAX_API_KEY"[\s\S]*openclaw doctor/i);
    assert.equal(world.config(), before);
    const repaired = await world.openclaw(["doctor", "--fix", "--non-interactive"]);
    assert.equal(repaired.code, 0, repaired.stdout + repaired.stderr);

    // The doctor has copied the key as well, and OpenClaw would use the copy from now on.
    const { stdout } = await preset("api-key", "--yes");
    const [, logout = ""] =
      /own store, in plain text[\s\S]*openclaw (models auth logout \S+)/.exec(stdout) ?? [];
    assert.equal((await world.openclaw([...logout.split(" "), "--yes"])).code, 0, stdout);
    const answer = await ask("minimax/MiniMax-M2.1");
    assert.match(answer.stdout, /Hello from the MiniMax API/, answer.stderr);
    assertAsked(minimax.global, "/anthropic/v1/messages", "MiniMax-M2.1");
  });

  test("section 2: the key in env.vars, in Anthropic's form; undo brings back every byte", async () => {
    const before = writeConfig({ env: { vars: { MINIMAX_API_KEY: KEY } } });
    const { code, stdout, stderr } = await preset("api-key", "--yes");
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout, new RegExp(KEY));
    assertOnlyAdded(before, world.config());
    const answer = await ask("minimax/MiniMax-M2.1");
    assert.match(answer.stdout, /Hello from the MiniMax API/, answer.stderr);
    assertAsked(minimax.global, "/anthropic/v1/messages", "MiniMax-M2.1");
    await assertTakenBack(before);
  });

  test("section 2, China: the key in the environment, in OpenAI's form", async () => {
    writeConfig({});
    assert.equal((await preset("api-key", "--region", "cn", "--api", "openai", "--yes")).code, 0);
    const answer = await ask("minimax/MiniMax-M2.1", { MINIMAX_API_KEY: CN_KEY });
    assert.match(answer.stdout, /Hello from the MiniMax API/, answer.stderr);
    assertAsked(minimax.cn, "/v1/chat/completions", "MiniMax-M2.1");
    assert.deepEqual(minimax.global.requests, []);
  });

  test("section 2: a script gives the key on stdin, and it is on no command line", async () => {
    const { host } = world;
    const script = ['printf %s "$KEY" | "$@"'];
    const finished = await command(
      "/bin/sh",
      ["-c", ...script, "sh", ...host.program, "minimax-portal", "key", "set"],
      { env: { ...host.env, KEY: SCRIPTS_KEY }, cwd: host.home },
    );
    assert.equal(finished.code, 0, finished.stdout + finished.stderr);
    assert.match(finished.stdout, /The API key is in the OS keychain/);
    assert.doesNotMatch(finished.stdout + finished.stderr, new RegExp(KEY));
    assert.equal(await keyInKeychain(), SCRIPTS_KEY);
  });

  for (const [what, keys, code, output] of [
    ["Ctrl-C", `sk-half${CTRL_C}`, 130, /Cancelled: no API key was stored\. Nothing was changed\./],
    ["an empty line", ENTER, 2, /No API key was given\. Nothing was changed\./],
  ] as const) {
    test(`section 2: at the question for the key ${what} changes nothing, and says so`, async () => {
      const terminal = world.openTerminal(["minimax-portal", "key", "set"]);
      await terminal.waitFor("MiniMax API key (not shown");
      terminal.type(keys);
      assert.equal(await terminal.exited, code);
      assert.match(terminal.text(), output);
      assert.doesNotMatch(terminal.text(), /sk-half/);
      assert.equal(await keyInKeychain(), SCRIPTS_KEY);
    });
  }

  test("section 2, better: the key is typed unseen into the OS keychain, and in no file, log or command line", async () => {
    const before = writeConfig({});
    const terminal = world.openTerminal(["minimax-portal", "key", "set"]);
    await terminal.waitFor("MiniMax API key (not shown");
    for (const letter of CN_KEY) terminal.type(letter);
    terminal.type(ENTER);
    assert.equal(await terminal.exited, 0);
    assert.match(terminal.text(), /The API key is in the OS keychain/);
    assert.doesNotMatch(terminal.text(), /sk-cn|unseen|fedcba/);
    assert.equal(await keyInKeychain(), CN_KEY);

    assert.equal((await preset("api-key", "--region", "cn", "--yes")).code, 0);
    assertOnlyAdded(before, world.config());
    const answer = await ask("minimax/MiniMax-M2.1");
    assert.match(answer.stdout, /Hello from the MiniMax API/, answer.stderr);
    assertAsked(minimax.cn, "/anthropic/v1/messages", "MiniMax-M2.1");
    assert.deepEqual(minimax.global.requests, []);
    assert.deepEqual(scanForSecrets([world.host.directory, world.secrets.directory], [CN_KEY]), []);

    const deleted = await world.openclaw(["minimax-portal", "key", "delete"]);
    assert.equal(deleted.code, 0);
    assert.match(deleted.stdout, /config still asks for it[\s\S]*preset --undo/);
    await assertTakenBack(before);
  });

  test("section 4: LM Studio, as the document prints it", async () => {
    const before = writeConfig({});
    assert.equal((await preset("lm-studio", "--yes")).code, 0);
    assertOnlyAdded(before, world.config());
    // A turn, because only an agent asks LM Studio which models it has.
    const session = ["--agent", "main", "--session-id", "lm-studio"];
    const answer = await atStandInsRun(["agent", "--local", ...session, "-m", "hi"]);
    assert.match(answer.stdout, /Hello from LM Studio/, answer.stderr);
    assertAsked(lmStudio, "/v1/responses", LM_STUDIO_MODEL.id);
    assert.ok(lmStudio.requests.some(({ path }) => path === "/api/v1/models"));
    await assertTakenBack(before);
  });

  test("a preset leaves a file that another one includes alone, and prints what to paste", async () => {
    const included = besideConfig(world, "models.json5");
    writeFileSync(included, "{ /* mine */ providers: {} }\n");
    const before = writeConfig({ models: { $include: "./models.json5" } });
    const { code, stderr } = await preset("lm-studio", "--yes");
    assert.equal(code, 1);
    assert.match(stderr, /`models`.*\$include[\s\S]*"minimax-m2\.1-gs32"[\s\S]*\[config_include\]/);
    assert.equal(world.config(), before);
    assert.equal(readFileSync(included, "utf8"), "{ /* mine */ providers: {} }\n");
  });

  describe("section 3", () => {
    let anthropic: ModelServer;
    let gateway: Gateway;
    before(async () => {
      anthropic = await startFailingAnthropic();
    });
    after(() => anthropic?.close());

    test("section 3: Opus fails, and M2.1 answers, with the key and with the sign-in", async () => {
      writeConfig({});
      assert.equal((await world.openclaw(["minimax-portal", "login", "--region", "global"])).code, 0);
      const signedIn = world.config();
      const chosen: Record<string, FallbackConfig> = {};
      for (const by of ["minimax", "minimax-portal"]) {
        const finished = await preset("fallback", "--with", by, "--primary", OPUS, "--yes");
        assert.equal(finished.code, 0, finished.stdout + finished.stderr);
        chosen[by] = JSON.parse(world.config());
        if (by === "minimax") await assertTakenBack(signedIn);
      }
      const statuses = [401, 429, 500, 529];
      const config = fallbackConfig(world, chosen, { key: KEY, anthropic, statuses });
      writeFileSync(world.host.configPath, atStandIns(JSON.stringify(config, null, 2)));
      gateway = await world.startGateway();
      const answers: Readonly<Record<string, RegExp>> = {
        minimax: /Hello from the MiniMax API/,
        "minimax-portal": /Hello from the stand-in portal/,
      };
      for (const status of statuses) {
        const turns = Object.entries(answers).map(async ([by, answer]) => {
          const { agent } = badDay(by, status);
          const { text } = await gateway.chat(`fail with ${status}`, agent);
          assert.ok(answer.test(text), `${agent}: ${text}\n${gateway.output()}`);
        });
        await Promise.all(turns);
      }
      for (const status of statuses) {
        const asked = anthropic.requests.filter((request) => request.status === status);
        assert.ok(asked.length >= 2, `${status}: Opus was asked ${asked.length} times`);
      }
      assertAsked(minimax.global, "/anthropic/v1/messages", "MiniMax-M2.1");
      assert.ok(modelRequests(world.portal).length >= statuses.length);
    });

    test("section 1: `gateway restart` restarts a gateway that runs, and it answers with the sign-in", async () => {
      const starts = () => gateway.output().split("[gateway] ready").length - 1;
      const before = starts();
      const { code, stdout, stderr } = await world.through(gateway, ["gateway", "restart"]);
      assert.equal(code, 0, stdout + stderr);
      const until = Date.now() + 180_000;
      while (starts() === before) {
        assert.ok(Date.now() < until, "the gateway did not come back");
        await sleep(200);
      }
      const { text } = await gateway.chat("fail with 401", badDay("minimax-portal", 401).agent);
      assert.match(text, /Hello from the stand-in portal/);
    });

    test("the plan's sign-in is over: the turn goes to the fallback, without a person", async () => {
      world.portal.regions.global.revokeAll();
      const { text } = await gateway.chat("hi", PLAN_FIRST);
      assert.match(text, /Hello from the MiniMax API/);
    });
  });
});

function assertAsked(server: ModelServer, path: string, model: string): void {
  const asked = server.requests.filter((request) => request.path === path);
  assert.ok(asked.length > 0, JSON.stringify(server.requests));
  for (const request of asked) assert.deepEqual([request.model, request.status], [model, 200]);
}
