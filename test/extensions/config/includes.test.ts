import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { assertWritable, withIncludes } from "../../../extensions/minimax-keychain/config/includes.ts";
import { configPatch } from "../../../extensions/minimax-keychain/config/sign-in-patch.ts";
import { authError } from "../../support/auth-error.ts";

const snippet = configPatch({
  config: {},
  rootDir: "/p",
  account: "default",
  baseUrl: "https://x/anthropic",
});
const check = (authored: unknown, config: OpenClawConfig = {}) => assertWritable(authored, config, snippet);

test("a config that is no object stops the sign-in", () => {
  for (const authored of [[], "text", 7, true])
    assert.throws(() => check(authored), authError("config_invalid"));
});

test("an include that owns what signing in writes stops it, with the snippet to paste", () => {
  const owned: [unknown, string][] = [
    [{ $include: "./base.json5" }, "the config"],
    [{ agents: { $include: "./agents.json5" } }, "`agents`"],
    [{ models: { providers: { $include: "./providers.json5" } } }, "`models.providers`"],
    [{ plugins: { load: { $include: ["./a.json5", "./b.json5"] } } }, "`plugins.load`"],
  ];
  for (const [authored, named] of owned) {
    assert.throws(
      () => check(authored),
      (error: Error) => {
        authError("config_include")(error);
        assert.ok(error.message.includes(named), error.message);
        assert.ok(error.message.includes('"minimax-keychain:default"'), "the snippet is there");
        return true;
      },
    );
  }
});

test("an include elsewhere is none of our business", () => {
  check({ channels: { $include: "./channels.json5" }, agents: { list: { $include: "./list.json5" } } });
});

test("once the snippet is pasted the sign-in goes on", () => {
  check({ agents: { $include: "./agents.json5" } }, structuredClone(snippet));
});

test("without a config file there is nothing to refuse", () => {
  check(undefined);
  check({});
});

test("of a provider that is there already, only what is missing is shown: its headers may be a secret", () => {
  const provider = {
    ...snippet.models?.providers?.["minimax-portal"],
    apiKey: "other",
    headers: { x: "SECRET" },
  };
  const config = { ...snippet, models: { providers: { "minimax-portal": provider } } } as OpenClawConfig;
  assert.throws(
    () => check({ models: { $include: "./models.json5" } }, config),
    (error: Error) => {
      assert.doesNotMatch(error.message, /SECRET|"baseUrl"|"plugins"/);
      assert.match(error.message, /"apiKey": "minimax-keychain:default"/);
      return authError("config_include")(error);
    },
  );
});

for (const name of ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"]) {
  test(`${name}: a config that may not be written stops the sign-in before it begins, with what to put in`, () => {
    const env = { [name]: "1" };
    assert.throws(
      () => assertWritable({}, {}, snippet, undefined, env),
      (error: Error) => {
        assert.match(error.message, /sign-in was not started[\s\S]*"minimax-keychain:default"/);
        return authError("config_not_written")(error);
      },
    );
    assertWritable({}, structuredClone(snippet), snippet, undefined, env);
  });
}

test("what another file holds stands in the place of its $include, and nothing else is resolved", () => {
  const authored = { a: { $include: "./a.json5" }, b: { key: "variable", c: { $include: "./c.json5" } } };
  const resolved = { a: { x: 1 }, b: { key: "its value", c: [2] } };
  assert.deepEqual(withIncludes(authored, resolved), { a: { x: 1 }, b: { key: "variable", c: [2] } });
});
