import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { adviceFor, meaningIn, meaningOf } from "../../../../src/minimax/api/errors.ts";

describe("why MiniMax refused a request", () => {
  const ERRORS = [
    ['401 {"type":"error","error":{"message":"invalid api key (2049)"}}', "region_mismatch"],
    ["401 please carry the API secret key in the Authorization field (1004)", "token_rejected"],
    ['{"base_resp":{"status_code":2062,"status_msg":"no active token plan"}}', "plan_missing"],
    ["429 usage limit exceeded (1030)", "quota_exhausted"],
    ["HTTP 429: too many requests", "quota_exhausted"],
    ["529 overloaded_error", "overloaded"],
    ["402 payment required", "quota_exhausted"],
    ["401 unauthorized", "token_rejected"],
  ] as const;
  for (const [text, meaning] of ERRORS) {
    test(`${text} is ${meaning}`, () => assert.equal(meaningIn(text), meaning));
  }

  test("a number that is not MiniMax's, a year say, means nothing", () => {
    assert.equal(meaningIn("the context is too long (2026), shorten it"), undefined);
  });

  test("a status inside a sentence is not taken for the answer's", () => {
    assert.equal(meaningIn("the tool said that it got 401 from elsewhere"), undefined);
  });

  test("MiniMax's number counts more than the status", () => {
    assert.equal(meaningIn("401 usage limit exceeded (1028)"), "quota_exhausted");
  });
});

describe("MiniMax's numbers", () => {
  for (const number of [1000, 1001, 1002, 1013, 1024, 1033, 1041]) {
    test(`${number} passes, whatever the status`, () => assert.equal(meaningOf(number, 401), "passing"));
  }

  test("success and a number that is not known mean nothing", () => {
    assert.equal(meaningOf(0, 200), undefined);
    assert.equal(meaningOf(4711), undefined);
  });
});

describe("what a person is told to do", () => {
  const advice = (...[meaning, region]: Parameters<typeof adviceFor>) => {
    const { what, next } = adviceFor(meaning, region) ?? assert.fail();
    return `${what} ${next}`;
  };

  for (const meaning of ["token_rejected", "region_mismatch", "plan_missing"] as const) {
    test(`${meaning} names the other endpoint, whichever the sign-in is for`, () => {
      assert.match(advice(meaning, "global"), /Global \(api\.minimax\.io\).*--minimax-region cn`/);
      assert.match(advice(meaning, "cn"), /CN \(api\.minimaxi\.com\).*--minimax-region global`/);
    });
  }

  test("says how to see when a quota resets", () => {
    assert.match(advice("quota_exhausted", "global"), /`openclaw minimax-portal usage`/);
  });
});
