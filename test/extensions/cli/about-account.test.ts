import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aboutAccount } from "../../../extensions/minimax-keychain/cli/about-account.ts";
import type { Output } from "../../../extensions/minimax-keychain/cli/output.ts";
import { placeholderFor } from "../../../extensions/minimax-keychain/config/account.ts";
import { SIGN_IN_COMMAND } from "../../../src/index.ts";

const using = (account: string) =>
  ({ models: { providers: { "minimax-portal": { apiKey: placeholderFor(account) } } } }) as never;

/** What is printed of `text` by a command about `account`. */
function printed(text: string, account: string, config = using("default"), setting?: string): string[] {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const out: Output = { log: say, error: say, data: say, columns: 80, paint: (_style, line) => line };
  const about = aboutAccount(out, account, setting === undefined ? {} : { account: setting }, config);
  about.log(text);
  about.error(text);
  about.data(text);
  return [...new Set(lines)];
}

describe("a command to copy", () => {
  test("names no account where it is about the one in use", () => {
    const text = `Sign in: ${SIGN_IN_COMMAND}, or openclaw minimax-portal login`;
    assert.deepEqual(printed(text, "default"), [text]);
    assert.deepEqual(printed(text, "default", {} as never), [text]);
    assert.deepEqual(printed(text, "work", using("work")), [text]);
  });

  test("names another one, which it would otherwise leave alone or replace the wrong one of", () => {
    assert.deepEqual(printed(`Sign in again: \`${SIGN_IN_COMMAND}\`.`, "work"), [
      "Sign in again: `openclaw minimax-portal login --account work`.",
    ]);
    assert.deepEqual(printed("run `openclaw minimax-portal logout` again", "work"), [
      "run `openclaw minimax-portal logout --account work` again",
    ]);
    assert.deepEqual(printed("openclaw minimax-portal move --store keytar", "work"), [
      "openclaw minimax-portal move --account work --store keytar",
    ]);
  });

  test("names it once, and only where the command takes it", () => {
    const text = "openclaw minimax-portal login --account work, openclaw minimax-portal import --discard";
    assert.deepEqual(printed(text, "work"), [text]);
  });

  test("signs in the account in use, where the settings name another for new sign-ins", () => {
    const text = `${SIGN_IN_COMMAND} or openclaw minimax-portal refresh`;
    assert.deepEqual(printed(text, "work", using("work"), "home"), [
      "openclaw minimax-portal login --account work or openclaw minimax-portal refresh",
    ]);
  });
});
