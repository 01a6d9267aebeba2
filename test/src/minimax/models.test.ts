import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DEFAULT_MODEL_ID, MODELS } from "../../../src/minimax/models.ts";

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
    readFileSync(new URL("../../../openclaw.plugin.json", import.meta.url), "utf8"),
  );
  assert.deepEqual(
    manifest.modelIdNormalization.providers["minimax-portal"].aliases,
    Object.fromEntries(MODELS.map(({ id, alias }) => [alias, id])),
  );
});
