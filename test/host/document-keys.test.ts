import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  type ModelServer,
  startFailingAnthropic,
  startLmStudio,
  startMiniMaxApi,
} from "../../fixtures/model-servers/index.ts";
import { command } from "../../fixtures/openclaw/command.ts";
import { scanForSecrets } from "../../fixtures/openclaw/secret-scan.ts";
import { LM_STUDIO_MODEL, MODELS } from "../../src/index.ts";
import { modelRequests } from "./record.ts";
import { besideConfig, IN_A_WORLD, startWorld, type World } from "./world.ts";

const KEY = "sk-api-throwaway-0123456789abcdef";
const OPUS = "anthropic/claude-opus-4-6";

// The customer's document, sections 2 to 4: what is printed there, and what the presets make of it.
describe("the document's ways with an API key, a fallback and LM Studio", IN_A_WORLD, () => {
  let world: World;
  let minimax: ModelServer;
  let lmStudio: ModelServer;
  /** The config after the installation. */
  let installed: string;
  before(async () => {
    world = await startWorld({ autoApprove: "approve" });
    minimax = await startMiniMaxApi(
      KEY,
      MODELS.map(({ id }) => id),
    );
    lmStudio = await startLmStudio(LM_STUDIO_MODEL.id, LM_STUDIO_MODEL.contextWindow);
    installed = world.config();
  });
  beforeEach(() => {
    minimax.reset();
    lmStudio.reset();
  });
  after(async () => {
    await Promise.all([minimax?.close(), lmStudio?.close()]);
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
  const ask = (model: string, env: NodeJS.ProcessEnv = {}) =>
    world.openclaw(["infer", "model", "run", "--local", "--model", model, "--prompt", "hi"], {
      env: { ...world.host.env, ...env },
    });
  const address = (path: string) => ({
    models: { providers: { minimax: { baseUrl: `${minimax.url}${path}`, models: [] } } },
  });

  async function assertTakenBack(before: string) {
    const { code, stdout, stderr } = await preset("--undo", "--yes");
    assert.equal(code, 0, stdout + stderr);
    assert.equal(world.config(), before);
  }

  test("section 2 as printed: OpenClaw calls env.MINIMAX_API_KEY invalid, and env.vars is right", async () => {
    writeConfig({ env: { MINIMAX_API_KEY: KEY } });
    const { code, stdout, stderr } = await world.openclaw(["config", "validate"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /env/);
    writeConfig({ env: { vars: { MINIMAX_API_KEY: KEY } } });
    assert.equal((await world.openclaw(["config", "validate"])).code, 0);
  });

  test("section 2: a preset shows its change and writes nothing without --yes", async () => {
    const before = writeConfig({});
    const { code, stdout } = await preset("api-key");
    assert.equal(code, 1);
    assert.match(stdout, /^\+.*minimax\/MiniMax-M2\.1/m);
    assert.match(stdout, /Nothing was changed\. To apply it, add --yes/);
    assert.equal(world.config(), before);
    assert.equal(existsSync(`${world.host.configPath}.minimax-undo`), false);
  });

  test("section 2: the key in env.vars, in Anthropic's form; undo brings back every byte", async () => {
    const before = writeConfig({ env: { vars: { MINIMAX_API_KEY: KEY } }, ...address("/anthropic") });
    const { code, stdout, stderr } = await preset("api-key", "--yes");
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout, new RegExp(KEY));
    assertOnlyAdded(before, world.config());
    const answer = await ask("minimax/MiniMax-M2.1");
    assert.match(answer.stdout, /Hello from the MiniMax API/);
    assertAsked(minimax, "/anthropic/v1/messages", "MiniMax-M2.1");
    await assertTakenBack(before);
  });

  test("section 2: the key in the environment, in OpenAI's form", async () => {
    writeConfig({
      models: {
        providers: { minimax: { baseUrl: `${minimax.url}/v1`, api: "openai-completions", models: [] } },
      },
    });
    assert.equal((await preset("api-key", "--yes")).code, 0);
    const answer = await ask("minimax/MiniMax-M2.1", { MINIMAX_API_KEY: KEY });
    assert.match(answer.stdout, /Hello from the MiniMax API/);
    assertAsked(minimax, "/v1/chat/completions", "MiniMax-M2.1");
  });

  test("section 2, better: the key in the OS keychain, and in no file, log or command line", async () => {
    const before = writeConfig(address("/anthropic"));
    const { host } = world;
    const [node, ...openclaw] = host.program;
    const script = ['printf %s "$KEY" | "$@"'];
    const finished = await command(
      "/bin/sh",
      ["-c", ...script, "sh", node, ...openclaw, "minimax-portal", "key", "set"],
      { env: { ...host.env, KEY }, cwd: host.home },
    );
    assert.equal(finished.code, 0, finished.stdout + finished.stderr);
    assert.match(finished.stdout, /The API key is in the OS keychain/);
    assert.doesNotMatch(finished.stdout + finished.stderr, new RegExp(KEY));
    assert.equal((await preset("api-key", "--yes")).code, 0);
    assertOnlyAdded(before, world.config());
    const answer = await ask("minimax/MiniMax-M2.1");
    assert.match(answer.stdout, /Hello from the MiniMax API/, answer.stderr);
    assertAsked(minimax, "/anthropic/v1/messages", "MiniMax-M2.1");
    assert.deepEqual(scanForSecrets([host.directory, world.secrets.directory], [KEY]), []);
    await assertTakenBack(before);
    assert.equal((await world.openclaw(["minimax-portal", "key", "delete"])).code, 0);
  });

  test("section 4: LM Studio, as the document prints it", async () => {
    const before = writeConfig({
      models: { providers: { lmstudio: { baseUrl: `${lmStudio.url}/v1`, models: [] } } },
    });
    assert.equal((await preset("lm-studio", "--yes")).code, 0);
    assertOnlyAdded(before, world.config());
    // A turn, because only an agent asks LM Studio which models it has.
    const session = ["--agent", "main", "--session-id", "lm-studio"];
    const answer = await world.openclaw(["agent", "--local", ...session, "-m", "hi"]);
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

  test("a config that OpenClaw finds invalid is left as it is", async () => {
    const before = writeConfig({ models: { providers: { lmstudio: { baseUrl: 7, models: [] } } } });
    const { code, stdout, stderr } = await preset("lm-studio", "--yes");
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /invalid/i);
    assert.equal(world.config(), before);
  });

  test("section 3: Opus fails, and M2.1 answers, with the key and with the sign-in", async () => {
    writeConfig({});
    assert.equal((await world.onboard()).code, 0);
    const base = JSON.parse(world.config());
    const days = await Promise.all(
      [401, 429, 500, 529].map((status) =>
        startFailingAnthropic(status).then((server) => ({ status, server })),
      ),
    );
    const outcomes: {
      readonly status: number;
      readonly by: string;
      readonly said: string;
      readonly first: boolean;
    }[] = [];
    for (const by of ["minimax", "minimax-portal"] as const) {
      writeFileSync(world.host.configPath, JSON.stringify(withAddresses(base, minimax.url), null, 2));
      const finished = await preset("fallback", "--with", by, "--primary", OPUS, "--yes");
      assert.equal(finished.code, 0, finished.stdout + finished.stderr);
      const withFallback = world.config();
      const turns = days.map(async ({ status, server }) => {
        // A state of its own: OpenClaw leaves a provider that has just failed alone for a while.
        const state = besideConfig(world, `${by}-${status}`);
        mkdirSync(state);
        writeFileSync(
          join(state, "openclaw.json"),
          withFallback.replaceAll("http://127.0.0.1:1/anthropic-stand-in", server.url),
        );
        const session = ["--agent", "main", "--session-id", `${by}-${status}`];
        const { stdout, stderr } = await world.openclaw(["agent", "--local", ...session, "-m", "hi"], {
          env: { ...world.host.env, OPENCLAW_STATE_DIR: state, MINIMAX_API_KEY: KEY },
        });
        const said = /Hello from the [^.(]*/.exec(stdout)?.[0]?.trim() ?? stdout + stderr;
        outcomes.push({ status, by, said, first: server.requests.length > 0 });
      });
      await Promise.all(turns);
    }
    await Promise.all(days.map(({ server }) => server.close()));
    for (const { status, by, said, first } of outcomes) {
      assert.ok(first, `${status}: Opus was not asked`);
      assert.equal(
        said,
        by === "minimax" ? "Hello from the MiniMax API" : "Hello from the stand-in portal",
        `${by}, ${status}`,
      );
    }
    assert.ok(modelRequests(world.portal).length >= 4);
  });
});

/** Each line that was there is still there, in its order. A comma may have come to a line's end. */
function assertOnlyAdded(before: string, now: string): void {
  const lines = now.split("\n");
  let at = 0;
  for (const line of before.split("\n")) {
    const found = lines.findIndex((each, index) => index >= at && (each === line || isReplaced(line, each)));
    assert.ok(found >= 0, `this line is gone: ${line}\n${now}`);
    at = found + 1;
  }
}

/** An empty list or object that was filled. */
const isReplaced = (line: string, now: string) =>
  now === `${line},` || (/[[{][\]}],?$/.test(line) && now === line.replace(/[\]}],?$/, ""));

function assertAsked(server: ModelServer, path: string, model: string): void {
  const asked = server.requests.filter((request) => request.path === path);
  assert.ok(asked.length > 0, JSON.stringify(server.requests));
  for (const request of asked) assert.deepEqual([request.model, request.status], [model, 200]);
}

/** The signed-in config with Anthropic's and MiniMax's addresses at stand-ins, bound to no folder. */
function withAddresses(
  config: { models: { providers: object }; agents: { defaults: object } },
  minimaxUrl: string,
): object {
  const opus = {
    id: "claude-opus-4-6",
    name: "Opus",
    reasoning: false,
    input: ["text"],
    cost: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
    contextWindow: 200_000,
    maxTokens: 32_000,
  };
  const providers = {
    ...config.models.providers,
    anthropic: {
      baseUrl: "http://127.0.0.1:1/anthropic-stand-in",
      api: "anthropic-messages",
      apiKey: "sk-ant-throwaway",
      models: [opus],
    },
    minimax: { baseUrl: `${minimaxUrl}/anthropic`, models: [] },
  };
  const defaults = { ...config.agents.defaults, workspace: undefined };
  return { ...config, agents: { defaults }, models: { ...config.models, providers } };
}
