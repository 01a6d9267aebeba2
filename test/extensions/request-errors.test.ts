import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  errorText,
  failoverReason,
  thrownErrorText,
  withErrorText,
} from "../../extensions/minimax-keychain/request-errors.ts";
import { Secret } from "../../src/index.ts";

const FAILED = { accessToken: new Secret("access-1"), region: "global", modelId: "MiniMax-M3" };

describe("a server's error", () => {
  test("that echoes the token is shown without it", () => {
    assert.equal(errorText("400 bad header: Bearer access-1!", FAILED), "400 bad header: Bearer [secret]!");
  });

  test("says what to do where that is known", () => {
    assert.match(errorText("401 invalid api key (2049)", FAILED), /^401 .*\n.*--minimax-region cn`/);
  });

  test("about a model becomes the sentence of model-errors.ts", () => {
    const said = "500 your current token plan not support model, MiniMax-M3 (2061)";
    assert.match(errorText(said, FAILED), /\[model_not_in_plan\]$/);
  });

  test("is put right once, however often it is read", async () => {
    const message = { errorMessage: "401 access-1 (1004)" };
    const events = async function* () {
      yield { type: "start" };
      yield { type: "error", error: message };
    };
    const inner = { [Symbol.asyncIterator]: events, result: async () => message };
    const stream = withErrorText(inner as unknown as Parameters<typeof withErrorText>[0], FAILED);
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    const { errorMessage } = await stream.result();
    assert.deepEqual(types, ["start", "error"]);
    assert.equal(errorMessage, errorText("401 access-1 (1004)", FAILED));
  });

  test("that is thrown is put right as well", () => {
    const error = thrownErrorText(new Error("socket closed after access-1"), FAILED);
    assert.equal((error as Error).message, "socket closed after [secret]");
  });
});

describe("the host's fallback", () => {
  const REASONS = [
    ["529 overloaded_error", "overloaded"],
    ["429 usage limit exceeded (1030)", "rate_limit"],
    ["401 invalid api key (2049)", "auth"],
    ["500 your current token plan not support model (2061)", "model_not_found"],
    ["200 no active plan (2062)", "model_not_found"],
    ["MiniMax no longer accepts the stored sign-in. [sign_in_required]", "auth"],
    ["The keychain is locked. [keychain_locked]", "auth"],
    ["MiniMax cannot be reached. [portal_unreachable]", "timeout"],
    ["the prompt is too long", undefined],
  ] as const;
  for (const [errorMessage, reason] of REASONS) {
    test(`is told ${reason ?? "nothing"} of: ${errorMessage}`, () => {
      assert.equal(failoverReason({ errorMessage }), reason);
    });
  }
});
