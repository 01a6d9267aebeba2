import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePluginConfig } from "../../extensions/minimax-keychain/plugin-config.ts";
import { authError } from "../support/auth-error.ts";

test("a config by hand into nonsense is refused by the name of the setting", () => {
  const nonsense: [unknown, string][] = [
    ["text", "config"],
    [{ region: "moon" }, "config.region"],
    [{ tokenStore: "plain" }, "config.tokenStore"],
    [{ account: "../x" }, "config.account"],
    [{ endpoints: { global: { inference: "not a url" } } }, "config.endpoints.global.inference"],
    [{ endpoint: {} }, "config"],
  ];
  for (const [config, path] of nonsense) {
    assert.throws(
      () => parsePluginConfig(config),
      (error: Error) =>
        authError("config_invalid")(error) && error.message.includes(`minimax-keychain.${path}`),
    );
  }
});

test("no config is a config", () => {
  assert.deepEqual(parsePluginConfig(undefined), {});
  assert.deepEqual(parsePluginConfig({ region: "cn" }), { region: "cn" });
});
