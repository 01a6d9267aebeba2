import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { configPatch, patchedConfig } from "../../../extensions/minimax-keychain/config/sign-in-patch.ts";

const input = (config: unknown = {}) => ({
  config: config as OpenClawConfig,
  rootDir: "/plugins/ours",
  account: "default",
  baseUrl: "https://api.minimax.io/anthropic",
});
const provider = (config: OpenClawConfig) => config.models?.providers?.["minimax-portal"];

test("a person's own models, headers and load paths stay, and ours come once", () => {
  const own = {
    plugins: { load: { paths: ["/their/plugin", "/plugins/ours"] } },
    models: {
      mode: "merge",
      providers: {
        "minimax-portal": {
          headers: { "x-team": "a" },
          models: [
            { id: "MiniMax-M3", name: "Theirs" },
            { id: "X", name: "X" },
          ],
        },
        anthropic: { apiKey: "k" },
      },
    },
  };
  const once = patchedConfig(input(own));
  const twice = patchedConfig(input(once));
  assert.deepEqual(twice, once);
  assert.deepEqual(once.plugins?.load?.paths, ["/their/plugin", "/plugins/ours"]);
  assert.deepEqual(provider(once)?.headers, { "x-team": "a" });
  assert.deepEqual(
    provider(once)?.models?.map(({ id, name }) => `${id}=${name}`),
    [
      "MiniMax-M3=Theirs",
      "X=X",
      "MiniMax-M2.7=MiniMax M2.7",
      "MiniMax-M2.7-highspeed=MiniMax M2.7 Highspeed",
      "MiniMax-M2.1=MiniMax M2.1",
      "MiniMax-M2.1-lightning=MiniMax M2.1 Lightning",
    ],
  );
  assert.deepEqual(once.models?.providers?.anthropic, { apiKey: "k" });
  assert.equal(once.models?.mode, "merge");
});

test("an alias that is taken is left to its owner", () => {
  const own = {
    agents: {
      defaults: {
        models: {
          "anthropic/claude": { alias: "minimax-m3" },
          "minimax-portal/MiniMax-M2.1": { alias: "mine" },
        },
      },
    },
  };
  const models = patchedConfig(input(own)).agents?.defaults?.models ?? {};
  assert.deepEqual(models["anthropic/claude"], { alias: "minimax-m3" });
  assert.deepEqual(models["minimax-portal/MiniMax-M2.1"], { alias: "mine" });
  assert.deepEqual(models["minimax-portal/MiniMax-M3"], {});
  assert.deepEqual(models["minimax-portal/MiniMax-M2.7"], { alias: "minimax-m2.7" });
});

test("fallback models stay when M3 becomes the default", () => {
  const own = { agents: { defaults: { model: { primary: "a/b", fallbacks: ["c/d"] } } } };
  assert.deepEqual(patchedConfig(input(own)).agents?.defaults?.model, {
    primary: "minimax-portal/MiniMax-M3",
    fallbacks: ["c/d"],
  });
});

test("the config gets a placeholder that names the account, and Bearer auth", () => {
  const { baseUrl, api, authHeader, apiKey } = provider(configPatch(input())) ?? {};
  assert.deepEqual(
    { baseUrl, api, authHeader, apiKey },
    {
      baseUrl: "https://api.minimax.io/anthropic",
      api: "anthropic-messages",
      authHeader: true,
      apiKey: "minimax-keychain:default",
    },
  );
});

test("the person's config object is not touched", () => {
  const own = Object.freeze({
    plugins: Object.freeze({ load: Object.freeze({ paths: Object.freeze(["/a"]) }) }),
  });
  patchedConfig(input(own));
  assert.deepEqual(own, { plugins: { load: { paths: ["/a"] } } });
});
