import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { type Portal, startPortal } from "../../fixtures/portal/index.ts";
import { startSignIn } from "../fixtures/portal/clients.ts";
import { DARK, NEEDS_CHROMIUM, openPage, PHONE, picture, startChromium } from "./chromium.ts";

/** The smallest target for a thumb, in CSS pixels (WCAG 2.2, 2.5.5). */
const THUMB = 44;

describe("the sign-in page in a browser", NEEDS_CHROMIUM, () => {
  let directory: string;
  let browser: Browser;
  let portal: Portal;
  let userCode: string;
  let url: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "sign-in-page-"));
    browser = await startChromium(directory);
    portal = await startPortal({ regions: ["cn"] });
  });
  beforeEach(async () => {
    const signIn = await startSignIn(portal.regions.cn.url);
    userCode = signIn.userCode;
    url = String(signIn.device.body.verification_uri);
  });
  after(async () => {
    await browser?.close();
    await portal?.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  test("fits a phone: nothing is cut off, and a thumb can press both buttons", async () => {
    const page = await openPage(browser, url, PHONE);
    await picture(page, "phone");
    assert.equal(await page.getByTestId("user-code").textContent(), userCode);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    for (const name of ["Approve", "Deny"]) {
      const box = await page.getByRole("button", { name }).boundingBox();
      assert.ok(box && box.height >= THUMB && box.width >= THUMB, `${name} is too small`);
    }
  });

  test("breaks none of its own security policy, in the dark as well", async () => {
    const page = await openPage(browser, "about:blank", DARK);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(url);
    await picture(page, "dark");
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.notEqual(ground, "rgb(255, 255, 255)", "the style was not applied");
    assert.deepEqual(complaints, []);
  });

  test("is worked with the keyboard alone", async () => {
    const page = await openPage(browser, url);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Approve");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Signed in" }).waitFor();
  });
});
