import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChromium } from "../browser/chromium.ts";

export interface Person {
  /** Opens the page, compares the code, signs in, and approves or gives up. */
  decide(page: string, userCode: string, decision: "approve" | "abort"): Promise<void>;
  leave(): Promise<void>;
}

/** Somebody with a browser of their own. */
export async function startPerson(): Promise<Person> {
  const home = mkdtempSync(join(tmpdir(), "person-"));
  const browser = await startChromium(home);
  return {
    async decide(url, userCode, decision) {
      const page = await browser.newPage();
      // The server's pages name fonts elsewhere; nothing here leaves this machine.
      await page.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => route.abort());
      await page.goto(url);
      await page.locator("input[name=user_code]").fill(userCode);
      await page.locator("button[type=submit]").first().click();
      const shown = await page.locator("code").innerText();
      if (shown !== userCode) throw new Error(`The page shows ${shown} and the device ${userCode}.`);
      if (decision === "abort") {
        await page.locator("button[name=abort]").click();
        await page.getByText("interrupted").waitFor();
      } else {
        await page.locator("button[autofocus]").click();
        await page.locator("input[name=login]").fill("ann");
        await page.locator("input[name=password]").fill("any");
        await page.locator("button.login-submit").click();
        await page.locator("button.login-submit").click();
        await page.getByText("was successful").waitFor();
      }
      await page.close();
    },
    async leave() {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
