import assert from "node:assert/strict";
import { DOWN, ENTER, type Terminal } from "../../fixtures/openclaw/terminal.ts";
import type { RegionPortal } from "../../fixtures/portal/index.ts";

/** For what the host shows next, on a machine that does much else at the same time. */
const SHOWN_WITHIN_MS = 180_000;

const CHECK_AGAIN_MS = 2000;

/** Takes the default of every question before the one that `until` matches, which stays open. */
export async function answerUntil(terminal: Terminal, until: RegExp): Promise<void> {
  for (;;) {
    const [, question = ""] = await terminal.waitFor(/◆ +([^\r\n]+)/, SHOWN_WITHIN_MS);
    if (until.test(question)) return;
    terminal.type(ENTER);
  }
}

/** Chooses an endpoint and waits for the code that the terminal then shows. */
export async function chooseEndpoint(terminal: Terminal, region: "global" | "cn"): Promise<string> {
  await answerUntil(terminal, /^MiniMax endpoint/);
  await chooseOption(terminal, region === "cn" ? /^CN\b/ : /^Global\b/);
  const [, code = ""] = await terminal.waitFor(
    /Approve only if it shows this code:[\s│]+([A-Z0-9-]+)/,
    SHOWN_WITHIN_MS,
  );
  return code;
}

/** A whole sign-in in a terminal, to its end. The host's offer to test the model is declined. */
export async function signInAt(portal: RegionPortal, terminal: Terminal): Promise<void> {
  const code = await chooseEndpoint(terminal, portal.region);
  assert.ok(portal.approve(code), `the portal knows no code ${code}`);
  await terminal.waitFor(
    `Signed in to MiniMax (${portal.region === "cn" ? "CN" : "Global"}).`,
    SHOWN_WITHIN_MS,
  );
  await answerUntil(terminal, /^Test AI access/);
  terminal.type(DOWN + ENTER);
  assert.equal(await terminal.exited, 0);
}

/** Goes down a list of choices to the one that `option` matches, and takes it. */
export async function chooseOption(terminal: Terminal, option: RegExp): Promise<void> {
  for (let steps = 0; steps < 80; steps++) {
    const [, shown = ""] = await terminal.waitFor(/● +([^\r\n]+)/, SHOWN_WITHIN_MS);
    if (option.test(shown.trim())) return terminal.type(ENTER);
    terminal.type(DOWN);
  }
  assert.fail(`no choice is ${option}: ${terminal.text().slice(-2000)}`);
}

/** Takes the default of every question that is still asked. @returns the exit code */
export async function answerToEnd(terminal: Terminal): Promise<number> {
  let code: number | undefined;
  void terminal.exited.then((exitCode) => {
    code = exitCode;
  });
  while (code === undefined) {
    const asked = await terminal.waitFor(/◆ +[^\r\n]+/, CHECK_AGAIN_MS).catch(() => undefined);
    if (asked) terminal.type(ENTER);
  }
  return code;
}
