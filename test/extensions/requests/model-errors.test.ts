import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  classifyModelError,
  explainModelError,
  notConfiguredHint,
} from "../../../extensions/minimax-keychain/requests/model-errors.ts";

const NOT_IN_PLAN =
  '500 {"type":"error","error":{"type":"api_error","message":"your current token plan not support model, MiniMax-M2.7 (2061)"}}';
const NO_SUCH_MODEL =
  '404 {"type":"error","error":{"type":"not_found_error","message":"model: minimax-m2.1"}}';

describe("what the server says about a model becomes a sentence", () => {
  test("another failure stays in the server's words", () => {
    for (const said of [
      "500 internal error",
      "401 invalid api key (2049)",
      "529 overloaded",
      "404 not found",
    ]) {
      assert.equal(explainModelError("MiniMax-M3", said), undefined);
      assert.equal(classifyModelError({ errorMessage: said }), undefined);
    }
  });

  test("a model that the plan lacks: which, what is kept, and another one", () => {
    const said = explainModelError("MiniMax-M2.7", NOT_IN_PLAN) ?? "";
    assert.match(said, /plan does not include MiniMax-M2\.7/);
    assert.match(said, /sign-in is kept/);
    assert.match(said, /`openclaw models set minimax-portal\/MiniMax-M3`.*\[model_not_in_plan\]$/);
    assert.doesNotMatch(
      explainModelError("MiniMax-M3", NOT_IN_PLAN) ?? "",
      /set minimax-portal\/MiniMax-M3`/,
    );
  });

  test("an account without a plan is no matter of the model, but the host need not try it again", () => {
    const message = "200 no plan (2062)";
    assert.equal(explainModelError("MiniMax-M3", message), undefined);
    assert.equal(classifyModelError({ errorMessage: message }), "model_not_found");
  });

  test("a wrong case, a typo and a stranger each get the id that is meant", () => {
    const hints: [string, RegExp][] = [
      ["minimax-m2.1", /upper from lower case: the model is called MiniMax-M2\.1/],
      ["MiniMax-M21", /Perhaps MiniMax-M2\.1 is meant: `openclaw models set minimax-portal\/MiniMax-M2\.1`/],
      ["gpt-5", /models are MiniMax-M3, MiniMax-M2\.7, .*MiniMax-M2\.1-lightning/],
      ["MiniMax-M2.1", /does not serve it at this endpoint/],
    ];
    const asTheHostPutsIt = '404: {"error":{"message":"model: minimax-m2.1","type":"not_found_error"}}';
    assert.match(explainModelError("minimax-m2.1", asTheHostPutsIt) ?? "", /called MiniMax-M2\.1/);
    for (const [id, hint] of hints) assert.match(explainModelError(id, NO_SUCH_MODEL) ?? "", hint);
  });

  test("a request refused for something else keeps the server's words, and gets the id that may be meant", () => {
    const said = '400 {"error":{"type":"invalid_request_error","message":"max_tokens: field required"}}';
    assert.equal(explainModelError("MiniMax-M2.1", said), undefined);
    assert.equal(explainModelError("a-new-model", said), undefined);
    const explained = explainModelError("MiniMax-M21", said) ?? "";
    assert.ok(explained.includes(said));
    assert.match(explained, /^MiniMax refused the request\. Perhaps MiniMax-M2\.1 is meant/);
  });

  test("the host is told not to try the same model again", () => {
    const sentence = explainModelError("MiniMax-M2.7", NOT_IN_PLAN) ?? "";
    for (const errorMessage of [NOT_IN_PLAN, sentence]) {
      assert.equal(
        classifyModelError({ errorMessage, status: 500, errorType: "api_error" }),
        "model_not_found",
      );
    }
  });
});

test("where no provider is set up, the host's hint names the sign-in and the right id", () => {
  assert.match(notConfiguredHint("MiniMax-M2.1"), /onboard --auth-choice minimax-portal`\.$/);
  assert.match(notConfiguredHint("minimax-m2.1"), /onboard --auth-choice minimax-portal`\. .*MiniMax-M2\.1/);
});
