import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** For a machine that does much else. */
const PATIENCE_MS = 180_000;

/** Test options: without Chromium these tests are skipped, except on CI, where they fail. */
export const NEEDS_CHROMIUM = {
  skip:
    existsSync(CHROMIUM) || process.env.CI !== undefined
      ? false
      : "needs Debian's Chromium: sudo apt-get install chromium",
};

/** Starts Debian's Chromium with a profile of its own, to be thrown away with `home`. */
export function startChromium(home: string): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: FLAGS,
    timeout: PATIENCE_MS,
    env: { PATH: process.env.PATH, HOME: home },
  });
}

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
export const DARK: BrowserContextOptions = { ...DESKTOP, colorScheme: "dark" };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/** Loads `url` in a window without anybody's cookies. */
export async function openPage(browser: Browser, url: string, options = DESKTOP): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  return page;
}

/** Where pictures of the page go, to be looked at; without it none are taken. */
const SCREENSHOTS = process.env.SCREENSHOT_DIRECTORY;

export async function picture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
