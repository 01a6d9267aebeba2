import assert from "node:assert/strict";
import { test } from "node:test";
import { modelRefProblems } from "../../../extensions/minimax-keychain/doctor/model-refs.ts";

const M21 = { models: [{ id: "MiniMax-M2.1" }] };

function problems(primary: string, providers: object = { "minimax-portal": M21 }): string[] {
  const config = { agents: { defaults: { model: { primary } } }, models: { providers } };
  return modelRefProblems(config).map(({ what, next }) => `${what} ${next}`);
}

test("the provider is not configured: the sign-in, the preset for a key, or what the config has instead", () => {
  assert.match(
    problems("minimax-portal/MiniMax-M2.1", {})[0] ?? "",
    /does not list.*onboard --auth-choice minimax-portal/,
  );
  assert.match(problems("minimax/MiniMax-M2.1", {})[0] ?? "", /does not list.*preset api-key/);
  assert.match(
    problems("minimax/MiniMax-M2.1")[0] ?? "",
    /models set minimax-portal\/MiniMax-M2\.1.*preset api-key/,
  );
});

test("the wrong provider before the slash, or none", () => {
  for (const ref of ["MiniMax/MiniMax-M2.1", "minimax-oauth/minimax-m2.1", "mini-max/MiniMax-M21"]) {
    assert.match(problems(ref)[0] ?? "", /no provider.*models set minimax-portal\/MiniMax-M2\.1$/, ref);
  }
  assert.match(problems("MiniMax-M2.1")[0] ?? "", /missing.*models set minimax-portal\/MiniMax-M2\.1$/);
  assert.match(problems("MiniMax-M2.1", { minimax: M21 })[0] ?? "", /models set minimax\/MiniMax-M2\.1$/);
});

test("the wrong case and a typo, with the id that is meant", () => {
  assert.match(
    problems("minimax-portal/minimax-M2.1")[0] ?? "",
    /upper from lower.*set minimax-portal\/MiniMax-M2\.1$/,
  );
  assert.match(problems("minimax-portal/MiniMax-M21")[0] ?? "", /perhaps MiniMax-M2\.1 is meant/);
});

test("an alias is a model's name, too", () => {
  const models = { "minimax-portal/MiniMax-M2.1": { alias: "MiniMax-M2.1" } };
  const config = { agents: { defaults: { model: { primary: "minimax-m2.1" }, models } } };
  assert.deepEqual(modelRefProblems(config), []);
});

test("what is only given an alias, and not asked for, need not be set up", () => {
  const models = { "minimax/MiniMax-M2.1": { alias: "m" }, "minimax/MiniMax-M21": {} };
  assert.deepEqual(
    modelRefProblems({ agents: { defaults: { models } } }).map(({ ref }) => ref),
    ["minimax/MiniMax-M21"],
  );
});

test("what answers is no problem, nor what is another provider's or the person's own", () => {
  assert.deepEqual(problems("minimax-portal/MiniMax-M2.1"), []);
  assert.deepEqual(problems("minimax/MiniMax-M3", {}), []);
  assert.deepEqual(
    problems("minimax-portal/MiniMax-Mine", { "minimax-portal": { models: [{ id: "MiniMax-Mine" }] } }),
    [],
  );
  for (const ref of ["openai/gpt-5", "openrouter/minimax/minimax-m2.1", "lmstudio/minimax-m2.1-gs32"]) {
    assert.deepEqual(problems(ref), [], ref);
  }
});

test("a provider of the person's own may have MiniMax in its name", () => {
  const models = { providers: { "minimax-openai": { baseUrl: "https://api.minimax.io/v1", models: [] } } };
  const agents = { defaults: { model: "minimax-openai/MiniMax-M2.1" } };
  assert.deepEqual(modelRefProblems({ models, agents }), []);
  assert.equal(modelRefProblems({ agents })[0]?.code, "provider_unknown");
});

test("fallbacks, agents and the list of models are looked at as well, and the place is named", () => {
  const config = {
    agents: {
      defaults: {
        model: { primary: "x/y", fallbacks: ["minimax/minimax-m2.1"] },
        models: { "minimax/MiniMax-M21": {} },
      },
      entries: { main: { model: "minimax-portal/m2.1" }, other: {} },
    },
    models: { providers: {} },
  };
  assert.deepEqual(
    modelRefProblems(config).map(({ path }) => path),
    ["agents.defaults.model.fallbacks", "agents.entries.main.model", "agents.defaults.models"],
  );
});
