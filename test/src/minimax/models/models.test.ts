import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  DEFAULT_MODEL_ID,
  LM_STUDIO_MODEL,
  MODEL_DATA,
  MODELS,
} from "../../../../src/minimax/models/models.ts";

test("every id of the coding plan is there, and the default is one of them", () => {
  const ids = MODELS.map(({ id }) => id);
  assert.deepEqual(ids, [
    "MiniMax-M3",
    "MiniMax-M2.7",
    "MiniMax-M2.7-highspeed",
    "MiniMax-M2.1",
    "MiniMax-M2.1-lightning",
  ]);
  assert.ok(ids.includes(DEFAULT_MODEL_ID));
});

test("the manifest corrects the case of every model id", () => {
  const manifest = JSON.parse(
    readFileSync(new URL("../../../../openclaw.plugin.json", import.meta.url), "utf8"),
  );
  assert.deepEqual(
    manifest.modelIdNormalization.providers["minimax-portal"].aliases,
    Object.fromEntries(MODELS.map(({ id, alias }) => [alias, id])),
  );
});

test("M2.1's prices, window and limit are those of the customer's document", () => {
  const { alias: _, ...m21 } = MODELS.find(({ id }) => id === "MiniMax-M2.1") ?? assert.fail();
  assert.deepEqual(m21, {
    id: "MiniMax-M2.1",
    name: "MiniMax M2.1",
    reasoning: false,
    input: ["text"],
    cost: { input: 15, output: 60, cacheRead: 2, cacheWrite: 10 },
    contextWindow: 200_000,
    maxTokens: 8_192,
  });
  assert.equal(LM_STUDIO_MODEL.contextWindow, 196_608);
  assert.equal(LM_STUDIO_MODEL.maxTokens, 8_192);
});

test("Lightning costs the same for input and not less for output", () => {
  const cost = (id: string) => MODELS.find((each) => each.id === id)?.cost ?? assert.fail();
  assert.equal(cost("MiniMax-M2.1-lightning").input, cost("MiniMax-M2.1").input);
  assert.ok(cost("MiniMax-M2.1-lightning").output >= cost("MiniMax-M2.1").output);
});

test("every figure names its source and the day it was read", () => {
  for (const { source, readOn, models } of MODEL_DATA) {
    assert.ok(source.length > 10 && models.length > 0);
    assert.match(readOn, /^\d{4}-\d\d-\d\d$/);
  }
});
