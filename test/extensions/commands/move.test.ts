import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runCommand } from "../../../extensions/minimax-keychain/cli/command.ts";
import type { Output } from "../../../extensions/minimax-keychain/cli/output.ts";
import { move } from "../../../extensions/minimax-keychain/commands/move.ts";
import type { Runtime } from "../../../extensions/minimax-keychain/runtime.ts";
import { AuthError, type Moved } from "../../../src/index.ts";

describe("openclaw minimax-portal move", () => {
  for (const [store, why] of [
    ["memory", 'no store "memory"'],
    ["vault", 'no store "vault"'],
  ] as const) {
    test(`refuses ${store}, and names the stores there are`, async () => {
      const { code, printed } = await moved(store, () => assert.fail("nothing may be moved"));
      assert.equal(code, 2);
      assert.match(
        printed,
        new RegExp(`${why}.*move --account work --store keytar.*move --account work --store encrypted-file`),
      );
    });
  }

  test("says why it could not be done, and where the sign-in is", async () => {
    const failure = new AuthError("keychain_locked", {
      what: "keytar found the keychain locked.",
      kept: "The sign-in stays in keytar.",
      next: "Unlock it.",
    });
    const { code, printed } = await moved("encrypted-file", () => Promise.reject(failure));
    assert.equal(code, 1);
    assert.match(printed, /locked.*stays in keytar/);
  });

  test("says so when a copy was left, and how to delete it", async () => {
    const leftover = new AuthError("keychain_refused", { what: "keytar refused the call." });
    const { code, printed } = await moved("encrypted-file", async () => ({
      from: "keytar",
      to: "encrypted-file",
      leftover,
    }));
    assert.equal(code, 1);
    assert.match(printed, /copy was left in keytar.*move --account work --store encrypted-file$/);
  });

  test("says where the sign-in is now, and how later ones get there", async () => {
    const { code, printed } = await moved("secret-service", async (account, to) => {
      assert.equal(account, "work");
      return { from: "keytar", to };
    });
    assert.equal(code, 0);
    assert.match(printed, /"work" was moved from keytar to secret-service/);
    assert.match(
      printed,
      /config set plugins\.entries\.minimax-keychain\.config\.tokenStore secret-service$/,
    );
  });
});

/** Runs the command for an account that is not the one in use. */
async function moved(store: string, moveTo: (account: string, store: string) => Promise<Moved>) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const out: Output = { log: say, error: say, data: say, columns: 80, paint: (_style, text) => text };
  const runtime = { auth: { moveTo, flush: async () => {} }, config: {} } as unknown as Runtime;
  const code = await runCommand(runtime, {}, { account: "work" }, (context) => move(context, store), out);
  return { code, printed: lines.join(" ") };
}
