import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type {
  ProviderReplayPolicyContext,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";
import { buildProviderReplayFamilyHooks } from "openclaw/plugin-sdk/provider-model-shared";
import { buildProviderStreamFamilyHooks } from "openclaw/plugin-sdk/provider-stream-family";
import { replayPolicy, withFastMode } from "../../../extensions/minimax-keychain/requests/provider.ts";
import { MODELS } from "../../../src/index.ts";

// What the host gives its bundled MiniMax plugin, which ours takes the place of.
const theirs = {
  ...buildProviderReplayFamilyHooks({
    family: "hybrid-anthropic-openai",
    anthropicModelDropThinkingBlocks: true,
  }),
  ...buildProviderStreamFamilyHooks("minimax-fast-mode"),
};

describe("a conversation is put for MiniMax as the bundled plugin puts it", () => {
  for (const { id: modelId } of MODELS) {
    test(modelId, () => {
      const ctx = { modelId, modelApi: "anthropic-messages" } as ProviderReplayPolicyContext;
      assert.deepEqual(replayPolicy(ctx), theirs.buildReplayPolicy?.(ctx));
    });
  }
});

describe("fast mode chooses the model that the bundled plugin chooses", () => {
  const settings: readonly Record<string, unknown>[] = [
    {},
    { fastMode: false },
    { fastMode: true },
    { fast_mode: true },
    { fastMode: () => true },
    { fastMode: () => undefined },
    { fastMode: "true" },
  ];

  type Wrap = (ctx: ProviderWrapStreamFnContext) => ReturnType<typeof withFastMode> | null;

  function chosen(wrap: Wrap, id: string, extraParams: Record<string, unknown>) {
    const asked: { id: string }[] = [];
    const streamFn = (model: { id: string }) => asked.push(model);
    const wrapped = wrap({ streamFn, extraParams } as unknown as ProviderWrapStreamFnContext);
    const model = { id, api: "anthropic-messages", provider: "minimax-portal" };
    (wrapped as unknown as (model: object) => void)(model);
    return asked;
  }
  const ours: Wrap = ({ streamFn, extraParams }) => withFastMode(streamFn, extraParams);
  const bundled: Wrap = (ctx) => theirs.wrapStreamFn?.(ctx) ?? null;

  for (const extraParams of settings) {
    const setting = Object.entries(extraParams)
      .map(([name, value]) => `${name}: ${value}`)
      .join();
    test(setting || "not set", () => {
      for (const { id } of MODELS) {
        assert.deepEqual(chosen(ours, id, extraParams), chosen(bundled, id, extraParams));
      }
    });
  }

  test("on, it sends a request for MiniMax-M2.7 to its faster twin", () => {
    assert.deepEqual(
      chosen(ours, "MiniMax-M2.7", { fastMode: true }).map(({ id }) => id),
      ["MiniMax-M2.7-highspeed"],
    );
  });

  test("does nothing where there is nothing to send with", () => {
    assert.equal(withFastMode(undefined, { fastMode: true }), undefined);
  });
});
