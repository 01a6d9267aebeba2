import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inferenceAdvice, inferenceRefusal } from "../../../../src/minimax/api/errors.ts";

describe("why MiniMax refused a request", () => {
  const REFUSALS = [
    ['401 {"type":"error","error":{"message":"invalid api key (2049)"}}', "wrong_credential"],
    ["401 please carry the API secret key in the Authorization field (1004)", "wrong_credential"],
    ['{"base_resp":{"status_code":2062,"status_msg":"no active token plan"}}', "no_plan"],
    ["429 usage limit exceeded (1030)", "quota_used_up"],
    ["HTTP 429: too many requests", "quota_used_up"],
    ["529 overloaded_error", "overloaded"],
    ["402 payment required", "no_plan"],
    ["401 unauthorized", "wrong_credential"],
  ] as const;
  for (const [text, refusal] of REFUSALS) {
    test(`${text} is ${refusal}`, () => assert.equal(inferenceRefusal(text), refusal));
  }

  test("a number that is not MiniMax's, a year say, means nothing", () => {
    assert.equal(inferenceRefusal("the context is too long (2026), shorten it"), undefined);
  });

  test("a status inside a sentence is not taken for the answer's", () => {
    assert.equal(inferenceRefusal("the tool said that it got 401 from elsewhere"), undefined);
  });

  test("MiniMax's number counts more than the status", () => {
    assert.equal(inferenceRefusal("401 usage limit exceeded (1028)"), "quota_used_up");
  });
});

describe("what a person is told to do", () => {
  test("names the other endpoint, whichever the sign-in is for", () => {
    const at = (region: string) => inferenceAdvice("wrong_credential", { region });
    assert.match(at("global"), /for Global \(api\.minimax\.io\).*--minimax-region cn`/);
    assert.match(at("cn"), /for CN \(api\.minimaxi\.com\).*--minimax-region global`/);
  });

  test("says how to see when a quota resets", () => {
    assert.match(inferenceAdvice("quota_used_up", { region: "global" }), /`openclaw minimax-portal usage`/);
  });
});
