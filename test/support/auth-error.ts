import assert from "node:assert/strict";
import { AuthError, type ErrorCode } from "../../src/base/error.ts";

/** For `assert.rejects` and `assert.throws`: our error with this code, complete for a person. */
export function authError(code: ErrorCode): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof AuthError, `expected an AuthError, got ${error}`);
    assert.equal(error.code, code);
    assert.match(error.message, new RegExp(`\\[${code}\\]$`));
    assert.ok(error.text.next, `${code} names no next step`);
    return true;
  };
}
