import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scanForSecrets } from "../../fixtures/openclaw/secret-scan.ts";
import type { Portal } from "../../fixtures/portal/index.ts";
import type { World } from "./world.ts";

/**
 * Asserts that no secret of the portal's life is in any file that OpenClaw could have written, nor in
 * what it printed; and that the search would find one.
 */
export function assertNoTrace(world: World): void {
  const { host, portal, secrets } = world;
  writeFileSync(join(host.directory, "printed.txt"), world.printed());
  const places = [host.directory, secrets.directory, ...systemPlaces()];
  assert.ok(portal.record.issuedTokens.length > 0 && portal.record.verifiers.length > 0);
  assert.deepEqual(scanForSecrets(places, searchTexts(portal)), []);
  assertScannerFinds(portal.record.issuedTokens[0]?.value ?? "", join(host.home, "planted"));
}

/** Where the host writes whatever HOME and TMPDIR say (OpenClaw's docs, "Logging"; its database locks). */
function systemPlaces(): string[] {
  const user = process.getuid?.() ?? "";
  const names = ["openclaw", `openclaw-${user}`, `openclaw-state-locks-${user}`];
  return ["/tmp", tmpdir()].flatMap((folder) => names.map((name) => join(folder, name)));
}

/**
 * Two stretches of each secret instead of the whole: a long token that lies across two pages of a
 * database is not in one piece there. The first characters are left out, for they are in every token.
 */
function searchTexts({ record }: Portal): string[] {
  const stretches = record.issuedTokens.flatMap(({ value }) => {
    const middle = Math.floor(value.length / 2);
    return [value.slice(middle - 32, middle + 32), value.slice(-64)];
  });
  return [...stretches, ...record.verifiers];
}

function assertScannerFinds(token: string, directory: string): void {
  // With characters that each encoding writes in its own way.
  const secret = `${token}+/=?`;
  const insideLongerText = ["", "a", "ab"].map((before) => Buffer.from(`${before}${secret} and more`));
  const planted: [encoding: string, text: string][] = [
    ["plain", secret],
    ["hex", Buffer.from(secret).toString("hex")],
    ["url", encodeURIComponent(secret)],
    ...insideLongerText.map((bytes): [string, string] => ["base64", bytes.toString("base64")]),
    ...insideLongerText.map((bytes): [string, string] => ["base64url", bytes.toString("base64url")]),
  ];
  mkdirSync(directory);
  const file = join(directory, "planted");
  for (const [encoding, text] of planted) {
    writeFileSync(file, `{"log":"\0${text}"}`);
    const found = scanForSecrets([directory], [secret]).map((hit) => hit.encoding);
    assert.ok(found.includes(encoding), `the search does not find ${encoding}`);
  }
  rmSync(directory, { recursive: true });
}
