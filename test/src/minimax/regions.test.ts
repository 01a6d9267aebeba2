import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointsOf, parseRegion } from "../../../src/minimax/regions.ts";
import { authError } from "../../support/auth-error.ts";

test("an unknown region is refused, also one that names an object's own machinery", () => {
  for (const text of ["", "moon", "__proto__", "constructor"]) {
    assert.throws(() => parseRegion(text), authError("region_unknown"));
  }
});

test("a region is known by its id in any case and by its API host", () => {
  assert.equal(parseRegion(" Global "), "global");
  assert.equal(parseRegion("CN"), "cn");
  assert.equal(parseRegion("api.minimaxi.com"), "cn");
});

test("an endpoint override is HTTPS, or HTTP to this machine only", () => {
  for (const authorization of [
    "http://example.com",
    "ftp://127.0.0.1",
    "not a url",
    "https://user@example.com",
  ]) {
    assert.throws(() => endpointsOf("global", { global: { authorization } }), authError("endpoint_rejected"));
  }
  const { authorization } = endpointsOf("cn", { cn: { authorization: "http://127.0.0.1:8080/" } });
  assert.equal(authorization, "http://127.0.0.1:8080");
});

test("what is not overridden is MiniMax's", () => {
  assert.deepEqual(endpointsOf("cn", { global: { authorization: "https://elsewhere.example" } }), {
    authorization: "https://account.minimaxi.com",
    inference: "https://api.minimaxi.com/anthropic",
  });
});
