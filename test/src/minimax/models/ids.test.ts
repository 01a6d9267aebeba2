import assert from "node:assert/strict";
import { test } from "node:test";
import { checkModelId, nearestModelId } from "../../../../src/minimax/models/ids.ts";
import { MODELS } from "../../../../src/minimax/models/models.ts";

test("a name that is nothing like MiniMax's is unknown, and no other is offered for it", () => {
  for (const id of ["gpt-5", "claude-opus-4-6", "", "MiniMax-Hailuo-2.3"]) {
    assert.deepEqual(checkModelId(id), { kind: "unknown" }, id);
    assert.equal(nearestModelId(id), undefined);
  }
});

test("another number is another model, a newer one perhaps, and no typo", () => {
  for (const id of ["MiniMax-M4", "MiniMax-M2.5", "MiniMax-M2.11", "m2.5", "MiniMax-M3.1-lightning"]) {
    assert.deepEqual(checkModelId(id), { kind: "unknown" }, id);
  }
});

test("every model of the plan is known as it is written", () => {
  for (const { id } of MODELS) assert.deepEqual(checkModelId(id), { kind: "known" });
});

test("wrong case is told from a typo, with the id as it must be written", () => {
  assert.deepEqual(checkModelId("minimax-m2.1"), { kind: "wrong-case", id: "MiniMax-M2.1" });
  assert.deepEqual(checkModelId("MINIMAX-M2.1-LIGHTNING"), {
    kind: "wrong-case",
    id: "MiniMax-M2.1-lightning",
  });
});

test("a typo gets the nearest id", () => {
  const meant: [string, string][] = [
    ["MiniMax-M21", "MiniMax-M2.1"],
    ["MinMax-M2.1", "MiniMax-M2.1"],
    ["MiniMax-M2.1-lightening", "MiniMax-M2.1-lightning"],
    ["MiniMax M3", "MiniMax-M3"],
    ["m2.7-highspeed", "MiniMax-M2.7-highspeed"],
    ["M2.1", "MiniMax-M2.1"],
  ];
  for (const [typed, id] of meant) assert.deepEqual(checkModelId(typed), { kind: "typo", id }, typed);
});
