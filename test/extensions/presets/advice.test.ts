import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { type Applied, adviceAfter } from "../../../extensions/minimax-keychain/presets/advice.ts";
import { KEY_VARIABLE, type PresetName } from "../../../extensions/minimax-keychain/presets/presets.ts";
import { API_KEY_REF } from "../../../src/index.ts";

const advice = (preset: PresetName, applied: Partial<Applied> = {}) =>
  adviceAfter(preset, {
    authored: {},
    signedIn: false,
    keyStored: false,
    coreKeys: [],
    fallbackProvider: "minimax",
    ...applied,
  }).join("\n");

const withKey = (apiKey: unknown) =>
  ({ models: { providers: { minimax: { baseUrl: "https://a", apiKey, models: [] } } } }) as OpenClawConfig;

test("what runs with a sign-in says so to those who have none", () => {
  for (const preset of ["oauth", "fallback"] as const) {
    const fallbackProvider = "minimax-portal";
    assert.match(advice(preset, { fallbackProvider }), /Next, sign in: openclaw onboard/);
    assert.doesNotMatch(advice(preset, { fallbackProvider, signedIn: true }), /sign in/);
  }
});

test("what runs with a key says where it comes from, and how it gets into the keychain", () => {
  for (const authored of [{}, withKey(KEY_VARIABLE)]) {
    assert.match(advice("api-key", { authored }), /variable MINIMAX_API_KEY[\s\S]*key set/);
  }
});

test("nothing is said of a key that is in the keychain, or that the person set", () => {
  assert.equal(advice("api-key", { keyStored: true }), "");
  assert.equal(advice("api-key", { keyStored: true, authored: withKey({ ...API_KEY_REF }) }), "");
  assert.equal(advice("api-key", { authored: withKey("sk-mine") }), "");
  assert.equal(advice("lm-studio"), "");
});

test("with a key in both places, the config's is used: how to change that", () => {
  const said = advice("api-key", { keyStored: true, authored: withKey("sk-mine") });
  assert.match(said, /key of its own, which stays[\s\S]*config unset models\.providers\.minimax\.apiKey/);
  assert.doesNotMatch(said, /sk-mine/);
});

test("a key in OpenClaw's own store goes before all others: how to delete it", () => {
  const said = advice("api-key", {
    keyStored: true,
    coreKeys: ["openclaw models auth logout minimax:default"],
  });
  assert.match(said, /in plain text[\s\S]*openclaw models auth logout minimax:default$/);
  assert.equal(advice("lm-studio", { coreKeys: ["openclaw models auth logout minimax:default"] }), "");
});

test("an agent with a model of its own is named", () => {
  const authored = {
    agents: { entries: { main: { model: "a/b" }, other: {} } },
  } as unknown as OpenClawConfig;
  const said = advice("oauth", { authored, signedIn: true });
  assert.match(said, /Agent "main" has a model of its own.*config unset agents\.entries\.main\.model$/);
});
