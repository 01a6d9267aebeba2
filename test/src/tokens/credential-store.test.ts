import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AuthError } from "../../../src/base/error.ts";
import { reveal } from "../../../src/base/secret.ts";
import { decodeRecord, encodeRecord } from "../../../src/tokens/credential-store.ts";
import { authError } from "../../support/auth-error.ts";
import { credential } from "./credentials.ts";

test("an item that is not ours, damaged or of a newer version is refused and left alone", () => {
  const good = JSON.parse(encodeRecord(credential()));
  const bad = ["", "{", "null", "[]", "{}", JSON.stringify({ ...good, version: 2 })];
  for (const name of ["accessToken", "refreshToken", "expiresAt", "region", "baseUrl"]) {
    bad.push(JSON.stringify({ ...good, [name]: undefined }), JSON.stringify({ ...good, [name]: "" }));
  }
  for (const text of bad)
    assert.throws(() => decodeRecord(text, "default"), authError("record_invalid"), text);
});

test("an item of another account is refused", () => {
  assert.throws(() => decodeRecord(encodeRecord(credential()), "work"), authError("record_invalid"));
});

test("what is written is read back", () => {
  const written = credential({ scope: "a b", generation: 7 });
  const read = decodeRecord(encodeRecord(written), "default");
  assert.deepEqual(
    { ...read, accessToken: 0, refreshToken: 0 },
    { ...written, accessToken: 0, refreshToken: 0 },
  );
  assert.equal(reveal(read.accessToken), "access-7");
  assert.equal(reveal(read.refreshToken), "refresh-7");
});

test("no text whatever makes reading fail in another way, or quotes itself", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        decodeRecord(text, "default");
      } catch (error) {
        assert.ok(error instanceof AuthError);
        if (text.length > 12) assert.ok(!error.message.includes(text));
      }
    }),
    { numRuns: 2_000 },
  );
});
