import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ensureBuild } from "../../.tools/launch/build.mjs";
import { packPlugin } from "../../fixtures/openclaw/pack.ts";
import { DOWN, ENTER, openTerminal, type Terminal } from "../../fixtures/openclaw/terminal.ts";
import { createHost, type Host, ONBOARD_FLAGS } from "../../fixtures/openclaw/throwaway.ts";
import { type Portal, startPortal } from "../../fixtures/portal/index.ts";
import { secretTool } from "../../fixtures/secret-service/secret-tool.ts";
import { type SecretService, startSecretService } from "../../fixtures/secret-service/start.ts";
import { SERVICE } from "../../src/keychain/index.ts";
import { answerUntil, chooseEndpoint } from "../host/wizard.ts";
import { NEEDS_SERVICE } from "../support/needs-secret-service.ts";
import { type BrowserOpener, createBrowserOpener } from "./browser-opener.ts";
import { NEEDS_CHROMIUM, openPage, picture, startChromium } from "./chromium.ts";

const ROOT = dirname(dirname(import.meta.dirname));
const NEEDS = { skip: NEEDS_CHROMIUM.skip || NEEDS_SERVICE.skip };

describe("a person at a terminal and a browser", NEEDS, () => {
  let directory: string;
  let secrets: SecretService;
  let portal: Portal;
  let host: Host;
  let opener: BrowserOpener;
  let browser: Browser;
  let terminal: Terminal | undefined;

  before(async () => {
    await ensureBuild(ROOT, process.execPath, process.env);
    directory = mkdtempSync(join(tmpdir(), "sign-in-page-"));
    secrets = await startSecretService();
    portal = await startPortal({ settings: { intervalMs: 1000 } });
    opener = createBrowserOpener(directory);
    host = createHost({ directory, env: { ...secrets.env, ...opener.env } });
    browser = await startChromium(directory);
    await host.install(await packPlugin(directory));
    await host.useEndpoints({ global: portal.regions.global.url });
  });
  afterEach(async () => {
    terminal?.kill();
    await terminal?.exited;
    terminal = undefined;
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
    await secrets?.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Onboarding, up to the page in the browser. */
  async function onboardToThePage(): Promise<{ terminal: Terminal; code: string; url: string }> {
    const command = ["onboard", ...ONBOARD_FLAGS, "--auth-choice", "minimax-portal"];
    const opened = openTerminal([...host.program, ...command], { env: host.env, cwd: host.home });
    terminal = opened;
    const code = await chooseEndpoint(opened, "global");
    return { terminal: opened, code, url: await opener.opened() };
  }

  const codeOn = (page: Page) => page.getByTestId("user-code").textContent();
  const storedItems = async () => {
    const found = await secretTool(secrets.env, ["search", "--all", "service", SERVICE]);
    return `${found.stdout}${found.stderr}`.trim();
  };

  test("Deny ends onboarding with a clear error, and nothing was stored", async () => {
    const { terminal, code, url } = await onboardToThePage();
    const page = await openPage(browser, url);
    assert.equal(await codeOn(page), code);
    await page.getByRole("button", { name: "Deny" }).click();
    await page.getByRole("heading", { name: "Denied" }).waitFor();
    await picture(page, "denied");

    await terminal.waitFor("[access_denied]");
    assert.notEqual(await terminal.exited, 0);
    assert.equal(await storedItems(), "");
    assert.deepEqual(portal.record.issuedTokens, []);
    assert.doesNotMatch(readFileSync(host.configPath, "utf8"), /minimax-portal/);
  });

  test("Approve completes onboarding: signed in, the token in the keychain, OpenClaw configured", async () => {
    const { terminal, code, url } = await onboardToThePage();
    const page = await openPage(browser, url);
    await picture(page, "desktop");
    assert.equal(await codeOn(page), code);
    assert.equal(new URL(url).origin, portal.regions.global.url);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("heading", { name: "Signed in" }).waitFor();
    await picture(page, "approved");

    await terminal.waitFor("Signed in to MiniMax (Global).");
    await answerUntil(terminal, /^Test AI access/);
    terminal.type(DOWN + ENTER);
    assert.equal(await terminal.exited, 0);
    assert.match(await storedItems(), /default/);
    const config = JSON.parse(readFileSync(host.configPath, "utf8"));
    assert.equal(config.agents.defaults.model.primary, "minimax-portal/MiniMax-M3");
    assert.ok(existsSync(config.plugins.load.paths[0]));
  });
});
