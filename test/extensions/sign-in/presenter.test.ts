import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProviderAuthContext } from "openclaw/plugin-sdk/plugin-entry";
import { presentInWizard, presentOnLines } from "../../../extensions/minimax-keychain/sign-in/presenter.ts";
import { AuthError, type PendingSignIn } from "../../../src/index.ts";

const PAGE = "https://platform.minimax.io/oauth-authorize?user_code=AB-12";
const pending = (): PendingSignIn => ({
  userCode: "AB-12",
  verificationUri: PAGE,
  expiresAt: Date.now() + 600_000,
  wait: async () => assert.fail("showing is not waiting"),
});
const unreachable = new AuthError("portal_unreachable", { what: "x", next: "y" });

function wizard({ isRemote = false, deviceCode = false } = {}) {
  const shown: string[] = [];
  const opened: string[] = [];
  const note = (text: string) => void shown.push(text);
  const prompter = {
    progress: (text: string) => {
      note(text);
      return { update: note, stop: note };
    },
    note: async (text: string) => note(text),
    plain: async () => {},
    ...(deviceCode ? { deviceCode: async (card: object) => note(JSON.stringify(card)) } : {}),
  };
  const ctx = { prompter, isRemote, openUrl: async (url: string) => void opened.push(url) };
  return { presenter: presentInWizard(ctx as unknown as ProviderAuthContext), shown, opened };
}

function lines() {
  const shown: string[] = [];
  return { presenter: presentOnLines({ log: (text) => void shown.push(text) }, {}), shown };
}

test("DF-07 page and code are both shown, in the wizard and on plain lines", async () => {
  for (const { presenter, shown } of [wizard(), wizard({ deviceCode: true }), lines()]) {
    await presenter.show(pending());
    const text = shown.join("\n");
    assert.ok(text.includes(PAGE) && text.replaceAll(PAGE, "").includes("AB-12"));
  }
});

test("DF-21 the person is told to compare the code with the page's", async () => {
  for (const { presenter, shown } of [wizard(), lines()]) {
    await presenter.show(pending());
    assert.match(shown.join("\n"), /Approve only if it shows this code:\n\n {2}AB-12/);
  }
});

test("NA-01 the page opens in the person's own browser, by the host's hand, and not over a remote line", async () => {
  const here = wizard();
  await here.presenter.show(pending());
  assert.deepEqual(here.opened, [PAGE]);
  const remote = wizard({ isRemote: true });
  await remote.presenter.show(pending());
  assert.deepEqual(remote.opened, []);
});

test("while it waits, the person sees the time left, and in trouble what it is and when it is tried again", async () => {
  const { presenter, shown } = wizard();
  await presenter.show(pending());
  presenter.waiting({ msLeft: 125_000, msToNextPoll: 2_000 });
  assert.match(shown.at(-1) ?? "", /2:05 left/);
  presenter.waiting({ msLeft: 61_000, msToNextPoll: 11_500, trouble: unreachable });
  assert.match(shown.at(-1) ?? "", /portal_unreachable.*again in 12 s.*1:01 left/);
});

test("on plain lines trouble is said once, until it is over", () => {
  const { presenter, shown } = lines();
  const trouble = { msLeft: 61_000, msToNextPoll: 6_000, trouble: unreachable };
  for (const wait of [trouble, trouble, { msLeft: 50_000, msToNextPoll: 3_000 }, trouble])
    presenter.waiting(wait);
  assert.equal(shown.length, 2);
});
