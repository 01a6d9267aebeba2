import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { usageRows } from "../../../../src/minimax/api/usage.ts";

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

const only = (row: object) => usageRows({ model_remains: [row] }, NOW)?.[0];

describe("what is left of the plan, read from MiniMax's answer", () => {
  for (const body of [undefined, null, "", [], {}, { model_remains: "none" }, { data: { rows: [] } }]) {
    test(`${JSON.stringify(body)} is no usage answer`, () => {
      assert.equal(usageRows(body, NOW), undefined);
    });
  }

  test("without a percentage the rest is unknown: the counters mean one thing here and another there", () => {
    const row = only({
      model_name: "MiniMax-M3",
      current_interval_total_count: 600,
      current_interval_usage_count: 432,
      current_interval_remaining_percent: null,
    });
    assert.deepEqual(row, { name: "MiniMax-M3", interval: { unlimited: false } });
  });

  test("a percentage that is none is unknown, and one out of range is brought into it", () => {
    const percent = (given: unknown) =>
      only({ model_name: "m", current_interval_remaining_percent: given })?.interval.remainingPercent;
    assert.equal(percent("72"), undefined);
    assert.equal(percent(Number.NaN), undefined);
    assert.equal(percent(-3), 0);
    assert.equal(percent(140), 100);
  });

  test("times that make no sense are left out", () => {
    assert.equal(only({ end_time: 1e18 })?.interval.resetsAt, undefined);
    assert.equal(only({ end_time: -1, remains_time: -5 })?.interval.resetsAt, undefined);
  });

  test("control characters of a name never reach the terminal", () => {
    assert.equal(only({ model_name: "\u001b[31mvideo\u0007" })?.name, "[31mvideo");
    assert.equal(only({ model_name: "" })?.name, "plan");
  });

  test("percentage and reset time of both windows are read", () => {
    const row = only({
      model_name: "general",
      end_time: NOW + HOUR,
      current_interval_remaining_percent: 72,
      current_weekly_status: 1,
      current_weekly_remaining_percent: 0,
      weekly_remains_time: 50 * HOUR,
    });
    assert.deepEqual(row, {
      name: "general",
      interval: { unlimited: false, remainingPercent: 72, resetsAt: NOW + HOUR },
      weekly: { unlimited: false, remainingPercent: 0, resetsAt: NOW + 50 * HOUR },
    });
  });

  test("weekly status 3 is unlimited, whatever its percentage says", () => {
    const row = only({ model_name: "video", current_weekly_status: 3, current_weekly_remaining_percent: 0 });
    assert.deepEqual(row?.weekly, { unlimited: true });
  });

  test("the answer may be wrapped in data", () => {
    assert.equal(usageRows({ data: { model_remains: [{ model_name: "m" }] } }, NOW)?.[0]?.name, "m");
  });
});
