import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { type ModelServer, startMiniMaxApi } from "../../fixtures/model-servers/index.ts";
import { CTRL_C } from "../../fixtures/openclaw/terminal.ts";
import { freePort } from "../../fixtures/openclaw/throwaway.ts";
import type { PortalSettings } from "../../fixtures/portal/index.ts";
import type { ErrorCode } from "../../src/base/error.ts";
import { MODELS } from "../../src/index.ts";
import { assertNoTrace } from "./no-trace.ts";
import { chooseEndpoint } from "./wizard.ts";
import { besideConfig, editConfig, IN_A_WORLD, startWorld, type World } from "./world.ts";

interface Refusal {
  readonly when: string;
  readonly code: ErrorCode;
  readonly settings?: Partial<PortalSettings>;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

// Broken answers of other kinds take the same way; test/src/auth.test.ts has them, without a host.
const REFUSALS: readonly Refusal[] = [
  { when: "the endpoint is none of MiniMax's", code: "region_unknown", args: ["--minimax-region", "moon"] },
  { when: "nothing answers at the endpoint", code: "portal_unreachable", args: ["--minimax-region", "cn"] },
  {
    when: "the keychain is missing",
    code: "keychain_unavailable",
    env: { DBUS_SESSION_BUS_ADDRESS: undefined },
  },
  { when: "the person denies it", code: "access_denied", settings: { autoApprove: "deny" } },
  { when: "the code expires", code: "code_expired", settings: { autoApprove: "off", userCodeLifeMs: 5000 } },
  {
    when: "requests are to go to a stranger",
    code: "resource_url_rejected",
    settings: { resourceUrl: "https://api.minimax.io.example.net/anthropic" },
  },
];

const OWN_MODEL = {
  id: "MiniMax-Mine",
  name: "Mine",
  reasoning: false,
  input: ["text"],
  cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
  contextWindow: 32_000,
  maxTokens: 4_000,
};
const OWN_PROVIDER = {
  baseUrl: "https://api.minimax.io/anthropic",
  api: "anthropic-messages",
  headers: { "X-Team": "mine" },
  models: [OWN_MODEL],
};
const NEIGHBOURS_KEY = "sk-neighbour-0123456789";

const idsOf = (models: readonly { id: string }[]) => models.map(({ id }) => id);

describe("a person's own config, in the real OpenClaw", IN_A_WORLD, () => {
  let world: World;
  let usual: PortalSettings;
  let neighbour: ModelServer;
  let neighbourPlugin: string;
  let configBefore: string;
  before(async () => {
    world = await startWorld({ autoApprove: "approve" });
    const { host, portal } = world;
    usual = { ...portal.settings };
    neighbour = await startMiniMaxApi(NEIGHBOURS_KEY, [OWN_MODEL.id]);
    neighbourPlugin = otherPlugin(world);
    await host.useEndpoints({
      global: portal.regions.global.url,
      cn: `http://127.0.0.1:${await freePort()}`,
    });
  });
  beforeEach(() => {
    configBefore = world.config();
  });
  afterEach(() => {
    Object.assign(world.portal.settings, usual);
    writeFileSync(world.host.configPath, configBefore);
  });
  after(async () => {
    await neighbour?.close();
    await world?.end();
  });

  async function assertNothingChanged() {
    assert.equal(world.config(), configBefore);
    assert.deepEqual(await world.accountsInKeychain(), []);
  }

  for (const { when, code, settings, args, env } of REFUSALS) {
    test(`is untouched when ${when}: ${code}, output once`, async () => {
      const { host, portal } = world;
      Object.assign(portal.settings, structuredClone(settings ?? {}));
      const finished = await world.onboard(args, { env: { ...host.env, ...env } });
      assert.notEqual(finished.code, 0);
      const output = `${finished.stdout}\n${finished.stderr}`;
      assert.equal(output.split(`[${code}]`).length - 1, 1, output);
      await assertNothingChanged();
    });
  }

  test("is untouched when the person presses Ctrl-C while waiting: cancelled, exit code 130", async () => {
    world.portal.settings.autoApprove = "off";
    const terminal = world.onboardInTerminal();
    await chooseEndpoint(terminal, "global");
    await terminal.waitFor("Waiting for your approval in the browser");
    terminal.type(CTRL_C);
    assert.equal(await terminal.exited, 130);
    assert.match(terminal.text(), /\[cancelled\]/);
    await assertNothingChanged();
  });

  test("is untouched where another file holds a part of it: config_include before any request", async () => {
    const included = besideConfig(world, "agents.json5");
    const text = "// mine\n{ defaults: { model: { primary: 'ollama/mine' } } }\n";
    writeFileSync(included, text);
    editConfig(world, (config) => ({ ...config, agents: { $include: "./agents.json5" } }));
    const edited = world.config();
    world.portal.resetRecord();
    const { code, stdout, stderr } = await world.onboard();
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /\[config_include\]/);
    assert.equal(readFileSync(included, "utf8"), text);
    assert.equal(world.config(), edited);
    assert.deepEqual(world.portal.record.requests, []);
    assert.deepEqual(await world.accountsInKeychain(), []);
  });

  test("keeps its values beside the plugin's, and a second sign-in adds nothing twice", async () => {
    editConfig(world, (config) => withOwnValues(config, { pluginPath: neighbourPlugin, neighbour }));
    const own = JSON.parse(world.config());
    assert.equal((await world.onboard()).code, 0);
    const once = JSON.parse(world.config());
    assert.equal(once.models.mode, "replace");
    assert.deepEqual(once.models.providers.neighbour, own.models.providers.neighbour);
    assert.deepEqual(once.agents.defaults.modelPolicy, own.agents.defaults.modelPolicy);
    const provider = once.models.providers["minimax-portal"];
    assert.deepEqual(provider.headers, OWN_PROVIDER.headers);
    assert.deepEqual(provider.models[0], OWN_PROVIDER.models[0]);
    assert.deepEqual(idsOf(provider.models), [...idsOf(OWN_PROVIDER.models), ...idsOf(MODELS)]);
    assert.deepEqual(once.agents.defaults.models["minimax-portal/MiniMax-M2.1"], { alias: "mine" });
    const [first, second, ...more] = once.plugins.load.paths;
    assert.equal(first, neighbourPlugin);
    assert.match(second, /openclaw-minimax-keychain$/);
    assert.deepEqual(more, []);

    const again = await world.openclaw(["minimax-portal", "login", "--region", "global"]);
    assert.equal(again.code, 0, again.stdout + again.stderr);
    assert.match(again.stdout, /modelPolicy\.allow does not list the plan's models.*preset oauth/);
    const twice = JSON.parse(world.config());
    // The host's notes on when it last wrote.
    for (const config of [once, twice]) {
      delete config.meta;
      delete config.wizard;
    }
    assert.deepEqual(twice, once);
    assert.deepEqual(await world.accountsInKeychain(), ["default"]);
  });

  test("section 6: with `models.mode: replace` and an allow-list a preset leaves other providers and models, which answer; undo", async () => {
    world.portal.settings.models = [OWN_MODEL.id];
    editConfig(world, (config) => withOwnValues(config, { pluginPath: neighbourPlugin, neighbour }));
    const before = world.config();
    const own = JSON.parse(before);
    const preset = async (...args: string[]) => {
      const { code, stdout, stderr } = await world.openclaw(["minimax-portal", "preset", ...args, "--yes"]);
      assert.equal(code, 0, stdout + stderr);
    };
    await preset("oauth");
    const { models, agents } = JSON.parse(world.config());
    assert.equal(models.mode, "replace");
    assert.deepEqual(models.providers.neighbour, own.models.providers.neighbour);
    assert.deepEqual(models.providers["minimax-portal"].headers, OWN_PROVIDER.headers);
    assert.deepEqual(agents.defaults.modelPolicy.allow, ["neighbour/*", "minimax-portal/*"]);
    for (const provider of ["neighbour", "minimax-portal"]) {
      const model = ["--model", `${provider}/${OWN_MODEL.id}`, "--prompt", "hi"];
      const { code, stdout, stderr } = await world.openclaw(["infer", "model", "run", "--local", ...model]);
      assert.equal(code, 0, `${provider}: ${stdout}${stderr}`);
      assert.match(stdout, provider === "neighbour" ? /the MiniMax API/ : /the stand-in portal/);
    }
    await preset("--undo");
    assert.equal(world.config(), before);
  });

  test("no secret was left in a file, a log or the output", () => assertNoTrace(world));
});

/** A plugin folder that the person loads already. */
function otherPlugin(world: World): string {
  const folder = besideConfig(world, "neighbour");
  mkdirSync(folder);
  const files = {
    "package.json": { name: "neighbour", type: "module", openclaw: { extensions: ["./index.js"] } },
    "openclaw.plugin.json": { id: "neighbour", configSchema: { type: "object", properties: {} } },
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  writeFileSync(join(folder, "index.js"), 'export default { id: "neighbour", register() {} };\n');
  return folder;
}

function withOwnValues(
  config: Record<string, unknown>,
  { pluginPath, neighbour }: { readonly pluginPath: string; readonly neighbour: ModelServer },
): object {
  const plugins = config.plugins as object;
  return {
    ...config,
    plugins: { ...plugins, load: { paths: [pluginPath] } },
    models: {
      mode: "replace",
      providers: {
        neighbour: {
          ...OWN_PROVIDER,
          baseUrl: `${neighbour.url}/anthropic`,
          apiKey: NEIGHBOURS_KEY,
        },
        "minimax-portal": OWN_PROVIDER,
      },
    },
    agents: {
      defaults: {
        models: { "minimax-portal/MiniMax-M2.1": { alias: "mine" } },
        modelPolicy: { allow: ["neighbour/*"] },
      },
    },
  };
}
