import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What the host takes for the desktop's browser: `xdg-open`, or under WSL `wslview`. */
const NAMES = ["xdg-open", "wslview"];
const OPENED_WITHIN_MS = 120_000;

export interface BrowserOpener {
  /** Variables that lead the host to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The URL the host opened since the last call, now or as soon as it does. */
  opened(): Promise<string>;
}

/** A desktop's "open this URL" that only writes the URL down. */
export function createBrowserOpener(directory: string): BrowserOpener {
  const bin = join(directory, "bin");
  const file = join(directory, "opened-url");
  mkdirSync(bin, { recursive: true });
  for (const name of NAMES) {
    const script = `#!/bin/sh\nprintf %s "$1" > '${file}.new' && mv '${file}.new' '${file}'\n`;
    writeFileSync(join(bin, name), script, { mode: 0o755 });
  }
  return {
    env: {
      PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
      // Or the host would put /usr/bin before all else, and with it the real xdg-open.
      OPENCLAW_PATH_BOOTSTRAPPED: "1",
      // Without a display the host opens nothing.
      DISPLAY: ":99",
    },
    async opened() {
      const giveUpAt = Date.now() + OPENED_WITHIN_MS;
      for (;;) {
        const url = take(file);
        if (url !== undefined) return url;
        if (Date.now() > giveUpAt) throw new Error("The host opened no page.");
        await sleep(50);
      }
    },
  };
}

function take(file: string): string | undefined {
  try {
    renameSync(file, `${file}.taken`);
  } catch {
    return undefined; // not opened yet
  }
  const url = readFileSync(`${file}.taken`, "utf8");
  rmSync(`${file}.taken`);
  return url;
}
