import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { type SecretService, startSecretService } from "../../fixtures/secret-service/start.ts";
import { openKeychain } from "../../src/keychain/index.ts";
import { BINDINGS, NEEDS_SERVICE, optionsFor } from "./real-service.ts";

// Put together here, so that this file's own text is not what the search finds.
const TOKEN = ["mm", "rt", "0123456789", "abcdef"].join("-");

describe("a token on its way to the keychain", NEEDS_SERVICE, () => {
  let service: SecretService;
  before(async () => {
    service = await startSecretService();
  });
  after(() => service.stop());

  for (const store of BINDINGS) {
    test(`is in no process's command line or environment (${store})`, async () => {
      const seen: string[] = [];
      const options = optionsFor(service);
      const keychain = openKeychain(store, {
        ...options,
        env: { ...options.env, OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: TOKEN },
        spawn: ((...args: Parameters<typeof spawn>) => {
          const child = spawn(...args);
          seen.push(describeProcess(String(child.pid)), ...everyCommandLine());
          return child;
        }) as typeof spawn,
      });
      await keychain.set("default", TOKEN);
      assert.equal(await keychain.get("default"), TOKEN);
      assert.ok(
        seen.some((text) => text.includes("child.ts")),
        "the child itself was looked at",
      );
      assert.ok(!seen.some((text) => text.includes(TOKEN)));
    });
  }
});

function describeProcess(pid: string): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8") + readFileSync(`/proc/${pid}/environ`, "utf8");
}

function everyCommandLine(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return ""; // it ended meanwhile
      }
    });
}
