import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bar, createOutput, duration } from "../../../extensions/minimax-keychain/cli/output.ts";
import type { AccountReport } from "../../../extensions/minimax-keychain/commands/account-report.ts";
import { statusLines } from "../../../extensions/minimax-keychain/commands/status-view.ts";
import { AuthError } from "../../../src/index.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const plain = { paint: (_style: string, text: string) => text };

const STATE = {
  account: "default",
  store: "keytar",
  region: "cn",
  generationId: "g",
  expiresAt: NOW + 47 * MINUTE,
  outcomes: [{ at: NOW - 13 * MINUTE, code: "refreshed", durationMs: 300 }] as const,
  notices: [],
};
const STORED = {
  account: "default",
  region: "cn",
  expiresAt: STATE.expiresAt,
  obtainedAt: NOW - 13 * MINUTE,
  signedInAt: NOW - 3 * 24 * 60 * MINUTE,
  refreshDueAt: NOW + 35 * MINUTE,
  baseUrl: "https://api.minimaxi.com/anthropic",
  generation: 3,
};
const USAGE = {
  at: NOW,
  rows: [
    {
      name: "general",
      interval: { unlimited: false, remainingPercent: 8, resetsAt: NOW + 200 * MINUTE },
      weekly: { unlimited: true },
    },
    { name: "video", interval: { unlimited: false } },
  ],
};
const GOOD: AccountReport = {
  account: "default",
  others: [],
  model: undefined,
  state: STATE,
  stored: STORED,
  usage: USAGE,
};

const shown = (more: Partial<AccountReport>, columns = 80) =>
  statusLines({ ...GOOD, ...more }, NOW, { ...plain, columns });
const problem = new AuthError("keychain_locked", { what: "It is locked.", next: "Unlock it." });

describe("openclaw minimax-portal status", () => {
  test("names the default model as it must be typed, where it is one of the plan's", () => {
    const lines = shown({ model: "minimax-portal/MiniMax-M2.1" });
    assert.ok(lines.some((line) => /^ {2}Model +minimax-portal\/MiniMax-M2\.1 \(default\)$/.test(line)));
    assert.ok(!shown({}).some((line) => /^ {2}Model/.test(line)));
  });

  test("nobody is signed in: the command that changes that, and who else is", () => {
    const lines = shown({ state: undefined, stored: undefined, usage: undefined, others: ["work"] }).join(
      "\n",
    );
    assert.match(lines, /not signed in[\s\S]*openclaw onboard[\s\S]*--account <name>\): work/);
  });

  test("a sign-in that MiniMax refused is none, and names the command", () => {
    const state = { ...STATE, quarantined: "g" };
    const lines = shown({ state, stored: undefined, usage: undefined }).join("\n");
    assert.match(lines, /no: MiniMax no longer accepts/);
    assert.match(lines, /Sign in again: openclaw onboard/);
    assert.doesNotMatch(lines, /Token/);
  });

  test("a locked keychain is said; what the state knows is shown all the same", () => {
    const lines = shown({ stored: problem, usage: undefined }).join("\n");
    assert.match(lines, /OS keychain \(keytar\): It is locked\. \[keychain_locked\]/);
    assert.match(lines, /Token +47 min left/);
    assert.match(lines, /! Unlock it\./);
  });

  test("tokens that the keychain refused, and a refresh that fails, each get a line", () => {
    const trouble = {
      code: "portal_unreachable",
      failures: 3,
      failedAt: NOW,
      retryAt: NOW + MINUTE,
      retryExpiredAt: NOW,
    } as const;
    const state = {
      ...STATE,
      heldBy: 4711,
      unsaved: "keychain_locked" as const,
      trouble,
      notices: ["Set aside."],
    };
    const lines = shown({ state }).join(" ").replace(/\s+/g, " ");
    assert.match(lines, /memory of process 4711/);
    assert.match(lines, /could not save the newest tokens \[keychain_locked\]/);
    assert.match(
      lines,
      /failed 3 times in a row, last [\d: -]+ \[portal_unreachable\]; asked again in 1 min/,
    );
    assert.match(lines, /! Set aside\./);
  });

  test("a plan that cannot be had is unknown, with the reason", () => {
    assert.match(shown({ usage: problem }).join("\n"), /Plan +unknown: It is locked/);
  });

  test("with an expired token the plan is not asked for, and that is said", () => {
    const expiresAt = NOW - MINUTE;
    const lines = shown({
      state: { ...STATE, expiresAt },
      stored: { ...STORED, expiresAt },
      usage: undefined,
    });
    assert.match(
      lines.join("\n"),
      /░{20} expired[\s\S]*with the next request[\s\S]*not asked, the token has expired/,
    );
  });

  for (const columns of [80, 87, 88, 100]) {
    test(`a reset days ahead fits ${columns} columns`, () => {
      const resetsAt = NOW + (9 * 24 * 60 + 23 * 60 + 59) * MINUTE;
      const window = { unlimited: false, remainingPercent: 100, resetsAt };
      const usage = { at: NOW, rows: [{ name: "general", interval: window, weekly: window }] };
      assert.deepEqual(
        shown({ usage }, columns).filter((line) => line.length > columns),
        [],
      );
    });
  }

  for (const columns of [68, 80, 100]) {
    test(`no line is wider than ${columns} columns, but for a command`, () => {
      const wide = shown({ state: { ...STATE, heldBy: 4711, notices: ["word ".repeat(40)] } }, columns);
      const tooLong = wide.filter((line) => line.length > columns);
      assert.deepEqual(tooLong, []);
    });
  }

  test("token, next refresh and plan are shown as bars, unknown and unlimited as such", () => {
    const lines = shown({});
    assert.match(lines.join("\n"), /since 2026-11-19 [\d:]+ \(3 d\)/);
    assert.match(lines.join("\n"), /Endpoint +CN \(api\.minimaxi\.com\)/);
    assert.match(lines.join("\n"), /Token +█{16}░{4} 47 min left of 1 h/);
    assert.match(lines.join("\n"), /by itself, from [\d:]+ on \(in 35 min\)/);
    assert.match(lines.join("\n"), /general +█{2}░{18} +8 % left, resets in 3 h 20 min/);
    assert.match(lines.join("\n"), /week +·{20} unlimited/);
    assert.match(lines.join("\n"), /video +·{20} unknown/);
  });
});

describe("what a command writes", () => {
  test("colours go to a terminal only, and not with NO_COLOR or TERM=dumb", () => {
    const coloured = (isTTY: boolean, env: NodeJS.ProcessEnv) =>
      createOutput({ isTTY, columns: 120 } as NodeJS.WriteStream, env).paint("red", "x") !== "x";
    assert.equal(coloured(true, {}), true);
    assert.equal(coloured(true, { NO_COLOR: "1" }), false);
    assert.equal(coloured(true, { TERM: "dumb" }), false);
    assert.equal(coloured(false, {}), false);
  });

  test("what is left of something always shows, and nothing never does", () => {
    assert.equal(bar(0.001, plain), `█${"░".repeat(19)}`);
    assert.equal(bar(0, plain), "░".repeat(20));
    assert.equal(bar(7, plain), "█".repeat(20));
  });

  test("times are short, and never negative", () => {
    assert.deepEqual([-5, 40_000, 12 * MINUTE, 65 * MINUTE, 28 * 60 * MINUTE].map(duration), [
      "0 s",
      "40 s",
      "12 min",
      "1 h 5 min",
      "1 d 4 h",
    ]);
  });
});
