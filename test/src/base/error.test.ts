import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError, isAuthError } from "../../../src/base/error.ts";

test("an error's message says what happened, what was kept, what to do, and its code", () => {
  const error = new AuthError("code_expired", {
    what: "It expired.",
    kept: "Nothing changed.",
    next: "Run `x`.",
  });
  assert.equal(error.message, "It expired. Nothing changed. Run `x`. [code_expired]");
});

test("an error of another module instance of the same process is recognised", () => {
  const foreign = Object.assign(new Error("locked"), { name: "AuthError", code: "keychain_locked" });
  assert.ok(isAuthError(foreign));
  assert.ok(isAuthError(foreign, "keychain_locked"));
  assert.ok(!isAuthError(foreign, "cancelled"));
  assert.ok(!isAuthError(new Error("other")));
});
