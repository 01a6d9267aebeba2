import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { assertWritable } from "../../extensions/minimax-keychain/config-includes.ts";
import { configPatch } from "../../extensions/minimax-keychain/config-patch.ts";
import { authError } from "../support/auth-error.ts";

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
