import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { move } from "../../extensions/minimax-keychain/commands/move.ts";
import { AuthError, type Moved, type PortalAuth } from "../../src/index.ts";

describe("openclaw minimax-portal move", () => {
  for (const [store, why] of [
    ["memory", "memory ends with this command"],
    ["vault", "no store of that name"],
  ] as const) {
    test(`refuses ${store}, and names the stores there are`, async (t) => {
      const { code, printed } = await moved(t, store, () => assert.fail("nothing may be moved"));
      assert.equal(code, 2);
      assert.match(printed, new RegExp(`${why}.*move --store keytar.*move --store encrypted-file`));
    });
  }

  test("says why it could not be done, and where the sign-in is", async (t) => {
    const failure = new AuthError("keychain_locked", {
      what: "keytar found the keychain locked.",
      kept: "The sign-in stays in keytar.",
      next: "Unlock it.",
    });
    const { code, printed } = await moved(t, "encrypted-file", () => Promise.reject(failure));
    assert.equal(code, 1);
    assert.match(printed, /locked.*stays in keytar/);
  });

  test("says so when a copy was left, and how to delete it", async (t) => {
    const leftover = new AuthError("keychain_refused", { what: "keytar refused the call." });
    const { code, printed } = await moved(t, "encrypted-file", async () => ({
      from: "keytar",
      to: "encrypted-file",
      leftover,
    }));
    assert.equal(code, 1);
    assert.match(printed, /copy was left in keytar.*move --store encrypted-file$/);
  });

  test("says where the sign-in is now, and how later ones get there", async (t) => {
    const { code, printed } = await moved(t, "secret-service", async (account, to) => {
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

async function moved(
  t: TestContext,
  store: string,
  moveTo: (account: string, store: string) => Promise<Moved>,
) {
  const lines: string[] = [];
  for (const name of ["log", "error"] as const) {
    t.mock.method(console, name, (line: string) => void lines.push(line));
  }
  const code = await move({ moveTo } as unknown as PortalAuth, "work", store);
  return { code, printed: lines.join(" ") };
}
