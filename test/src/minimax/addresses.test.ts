import assert from "node:assert/strict";
import { test } from "node:test";
import { baseUrlFrom } from "../../../src/minimax/addresses.ts";
import { endpointsOf } from "../../../src/minimax/regions.ts";
import { authError } from "../../support/auth-error.ts";

const shipped = endpointsOf("global");

test("a resource_url outside MiniMax's hosts is refused", () => {
  const outside = [
    "https://evil.example/anthropic",
    "https://minimax.io.evil.example",
    "https://evilminimax.io",
    "http://api.minimax.io/anthropic",
    "https://user:pw@api.minimax.io",
    "https://api.minimax.io:8443",
    "javascript://api.minimax.io/%0aalert(1)",
    "http://127.0.0.1:9/anthropic",
    "https://",
  ];
  for (const url of outside)
    assert.throws(() => baseUrlFrom(url, shipped), authError("resource_url_rejected"), url);
});

test("without a resource_url the region's own address is used", () => {
  for (const none of [undefined, "", "  "]) assert.equal(baseUrlFrom(none, shipped), shipped.inference);
});

test("a resource_url may be the API's root or the finished base URL, and lack its scheme", () => {
  const same = [
    "https://api.minimax.io",
    "https://api.minimax.io/anthropic/",
    "api.minimax.io/anthropic",
    "api.minimax.io",
  ];
  for (const url of same) assert.equal(baseUrlFrom(url, shipped), "https://api.minimax.io/anthropic");
});

test("a configured stand-in may name itself", () => {
  const standIn = endpointsOf("global", { global: { inference: "http://127.0.0.1:9/anthropic" } });
  assert.equal(baseUrlFrom("http://127.0.0.1:9", standIn), "http://127.0.0.1:9/anthropic");
});
