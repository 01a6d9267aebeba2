import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyEdits, editsFor, readJson5 } from "../../../extensions/minimax-keychain/presets/json5-edit.ts";
import {
  PRESETS,
  type PresetInput,
  type PresetName,
  presetPatch,
} from "../../../extensions/minimax-keychain/presets/presets.ts";
import { API_KEY_REF, MODELS } from "../../../src/index.ts";

/** As much of a config as the presets write. */
interface Result {
  agents: {
    defaults: {
      model: { primary: string; fallbacks?: string[] };
      models: Record<string, { alias?: string }>;
      modelPolicy?: { allow?: string[] };
    };
    entries?: Record<string, { modelPolicy?: { allow: string[] } }>;
  };
  models: {
    mode?: string;
    providers: Record<string, { baseUrl: string; api: string; apiKey: unknown; models: { id: string }[] }>;
  };
  secrets?: { providers: Record<string, unknown> };
}

function applied(name: PresetName, authored: object = {}, input: Partial<PresetInput> = {}): Result {
  const patch = presetPatch(name, { authored, rootDir: "/plugin", account: "default", ...input });
  const text = JSON.stringify(authored);
  return readJson5(applyEdits(text, editsFor(text, patch))) as Result;
}

/** The mark of a config that OpenClaw itself has written. */
const WRITTEN = { meta: { migrations: { modelPolicyAllowlist: true } } };
const OPUS = "anthropic/claude-opus-4-6";

describe("a preset respects what a person set", () => {
  const own = {
    models: {
      mode: "replace",
      providers: {
        openai: { baseUrl: "https://openai", models: [] },
        minimax: {
          baseUrl: "https://proxy/anthropic",
          api: "anthropic-messages",
          apiKey: "mine",
          headers: { a: "b" },
          models: [{ id: "MiniMax-M2.1", name: "mine", cost: { input: 1, output: 2 } }],
        },
        lmstudio: { baseUrl: "http://desk:1234/v1", apiKey: "k", models: [] },
      },
    },
    agents: { defaults: { models: { "minimax/MiniMax-M2.1": { alias: "mini" }, x: { alias: "opus" } } } },
  };

  for (const name of PRESETS) {
    test(`${name}: a second time there is nothing left to change`, () => {
      const once = applied(name, own);
      assert.deepEqual(applied(name, once), once);
    });
  }

  test("api-key: its address, key, headers, prices and alias stay; the other models are added", () => {
    const { models, agents } = applied("api-key", own);
    const { models: listed, ...rest } = models.providers.minimax ?? assert.fail();
    const { models: ownModels, ...ownRest } = own.models.providers.minimax;
    assert.deepEqual(rest, ownRest);
    assert.deepEqual(listed[0], ownModels[0]);
    assert.equal(listed.length, MODELS.length);
    assert.equal(models.mode, "replace");
    assert.deepEqual(agents.defaults.models["minimax/MiniMax-M2.1"], { alias: "mini" });
  });

  test("api-key: its own key stays although one is in the keychain; the variable of before gives way to that", () => {
    const keySource = { source: "exec", command: "/home/me/key" };
    const kept = applied("api-key", own, { keySource });
    assert.equal(kept.models.providers.minimax?.apiKey, "mine");
    assert.equal(kept.secrets, undefined);
    const moved = applied("api-key", applied("api-key"), { keySource });
    assert.deepEqual(moved.models.providers.minimax?.apiKey, API_KEY_REF);
    assert.deepEqual(moved.secrets?.providers, { "minimax-keychain": keySource });
  });

  test("api-key: an address or form that is asked for takes the place of the old one", () => {
    const { minimax } = applied("api-key", own, { api: "openai", region: "cn" }).models.providers;
    assert.deepEqual([minimax?.baseUrl, minimax?.api], ["https://api.minimaxi.com/v1", "openai-completions"]);
    assert.equal(minimax?.apiKey, "mine");
  });

  test("lm-studio: its address stays", () => {
    const { lmstudio, openai } = applied("lm-studio", own).models.providers;
    assert.equal(lmstudio?.baseUrl, "http://desk:1234/v1");
    assert.deepEqual(openai, own.models.providers.openai);
  });

  test("fallback: a first model of another provider stays first, and other fallbacks stay before", () => {
    const config = { agents: { defaults: { model: { primary: "openai/gpt", fallbacks: ["x/y"] } } } };
    const { model } = applied("fallback", config).agents.defaults;
    assert.deepEqual(model, { primary: "openai/gpt", fallbacks: ["x/y", "minimax/MiniMax-M2.1"] });
  });

  test("fallback: only Opus is called opus", () => {
    const { models } = applied("fallback", {}, { primary: "openai/gpt" }).agents.defaults;
    assert.deepEqual(models["openai/gpt"], {});
  });

  test("an alias that is another model's is not taken", () => {
    const { models } = applied("fallback", own).agents.defaults;
    assert.deepEqual(models[OPUS], {});
    assert.deepEqual(models.x, { alias: "opus" });
  });
});

describe("a preset sets up what the document says", () => {
  test("api-key: M2.1 at the Anthropic-compatible address, the key from the variable", () => {
    const { agents, models, secrets } = applied("api-key");
    assert.equal(agents.defaults.model.primary, "minimax/MiniMax-M2.1");
    const { minimax } = models.providers;
    assert.deepEqual(
      [minimax?.baseUrl, minimax?.api],
      ["https://api.minimax.io/anthropic", "anthropic-messages"],
    );
    assert.match(String(minimax?.apiKey), /^\$\{MINIMAX_API_KEY\}$/);
    assert.equal(secrets, undefined);
  });

  test("api-key: from the keychain once a key is stored there", () => {
    const keySource = { source: "exec", command: "/home/me/key" };
    const { models, secrets } = applied("api-key", {}, { keySource });
    assert.deepEqual(models.providers.minimax?.apiKey, {
      source: "exec",
      provider: "minimax-keychain",
      id: "minimax-api-key",
    });
    assert.deepEqual(secrets?.providers["minimax-keychain"], keySource);
  });

  test("fallback: Opus first, M2.1 behind it, with the aliases of the document and a provider block", () => {
    const { agents, models } = applied("fallback");
    assert.deepEqual(agents.defaults.model, { primary: OPUS, fallbacks: ["minimax/MiniMax-M2.1"] });
    assert.deepEqual(agents.defaults.models, {
      [OPUS]: { alias: "opus" },
      "minimax/MiniMax-M2.1": { alias: "minimax" },
    });
    assert.ok(models.providers.minimax?.models.some(({ id }) => id === "MiniMax-M2.1"));
  });

  test("fallback: with the sign-in instead of a key", () => {
    const { agents, models } = applied("fallback", {}, { fallbackProvider: "minimax-portal" });
    assert.deepEqual(agents.defaults.model.fallbacks, ["minimax-portal/MiniMax-M2.1"]);
    assert.equal(models.providers["minimax-portal"]?.apiKey, "minimax-keychain:default");
    assert.equal(models.providers.minimax, undefined);
  });

  test("lm-studio: the document's block, field by field", () => {
    assert.deepEqual(applied("lm-studio", WRITTEN), {
      ...WRITTEN,
      agents: {
        defaults: {
          model: { primary: "lmstudio/minimax-m2.1-gs32" },
          models: { "lmstudio/minimax-m2.1-gs32": { alias: "Minimax" } },
        },
      },
      models: {
        providers: {
          lmstudio: {
            baseUrl: "http://127.0.0.1:1234/v1",
            apiKey: "lmstudio",
            api: "openai-responses",
            models: [
              {
                id: "minimax-m2.1-gs32",
                name: "MiniMax M2.1 GS32",
                reasoning: false,
                input: ["text"],
                cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
                contextWindow: 196608,
                maxTokens: 8192,
              },
            ],
          },
        },
      },
    });
  });

  test("oauth: every model of the plan is allowed again where `openclaw configure` allowed one", () => {
    const authored = {
      agents: {
        defaults: { modelPolicy: { allow: ["openai/*"] } },
        entries: { main: { modelPolicy: { allow: ["minimax-portal/MiniMax-M3"] } }, other: {} },
      },
    };
    const { agents } = applied("oauth", authored, { signedInAt: "cn" });
    assert.deepEqual(agents.defaults.modelPolicy?.allow, ["openai/*", "minimax-portal/*"]);
    assert.deepEqual(agents.entries?.main?.modelPolicy?.allow, [
      "minimax-portal/MiniMax-M3",
      "minimax-portal/*",
    ]);
    assert.deepEqual(agents.entries?.other, {});
  });

  for (const name of PRESETS) {
    test(`${name}: an empty list allows every model, and stays empty`, () => {
      const entries = { main: { modelPolicy: { allow: [] } } };
      const { agents } = applied(name, { agents: { defaults: { modelPolicy: { allow: [] } }, entries } });
      assert.deepEqual(agents.defaults.modelPolicy, { allow: [] });
      assert.deepEqual(agents.entries, entries);
    });

    // OpenClaw takes the map of a file that it has not written since 2026.8.1 for an allow-list.
    test(`${name}: the first aliases in a file written by hand shut no other model out`, () => {
      const own = { agents: { defaults: { model: { primary: "openai/gpt-5" } } } };
      assert.deepEqual(applied(name, own).agents.defaults.modelPolicy, {});
    });

    test(`${name}: where aliases are no allow-list, or are one already, none is opened`, () => {
      assert.equal(applied(name, WRITTEN).agents.defaults.modelPolicy, undefined);
      const restricted = { agents: { defaults: { models: { "openai/gpt-5": {} } } } };
      assert.equal(applied(name, restricted).agents.defaults.modelPolicy, undefined);
    });
  }

  test("oauth: the address of the sign-in's region, unless another is asked for", () => {
    const address = (input: Partial<PresetInput>) =>
      applied("oauth", {}, input).models.providers["minimax-portal"]?.baseUrl;
    assert.equal(address({ signedInAt: "cn" }), "https://api.minimaxi.com/anthropic");
    assert.equal(address({ signedInAt: "cn", region: "global" }), "https://api.minimax.io/anthropic");
  });
});
