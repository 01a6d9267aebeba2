import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { search } from "../../../src/accounts/find-store.ts";
import { AuthError, type ErrorCode } from "../../../src/base/error.ts";
import type { CredentialStore } from "../../../src/tokens/types.ts";
import { authError } from "../../support/auth-error.ts";
import { credential, memoryStore } from "../tokens/credentials.ts";

const NAMES = ["keytar", "secret-service", "encrypted-file"];

/** Looks in three keychains, of which some do not answer. */
function look(stores: Readonly<Record<string, ErrorCode | "item">>) {
  const open = (name: string): CredentialStore => {
    const found = stores[name];
    if (found === "item") return memoryStore(credential());
    const read = async () => {
      if (found) throw new AuthError(found, { what: "x", next: "y" });
      return undefined;
    };
    return { ...memoryStore(credential()), read };
  };
  return search("default", NAMES, open);
}

describe("looking for a sign-in in every keychain", () => {
  for (const code of ["keychain_locked", "keychain_timed_out"] as const) {
    test(`one that is ${code} may hold it: nobody is called signed out`, async () => {
      await assert.rejects(look({ "secret-service": code }), authError(code));
    });
  }

  test("when none can be asked, the first one's reason is told", async () => {
    const none = { keytar: "keychain_unavailable", "secret-service": "keychain_unavailable" } as const;
    const file = { "encrypted-file": "store_key_missing" } as const;
    await assert.rejects(look({ ...none, ...file }), authError("keychain_unavailable"));
  });

  test("one that this machine does not have says nothing about the others", async () => {
    assert.equal(await look({ keytar: "keychain_unavailable" }), undefined);
    const found = await look({ keytar: "keychain_locked", "encrypted-file": "item" });
    assert.equal(found?.name, "encrypted-file");
  });
});
