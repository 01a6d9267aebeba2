import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  errorText,
  failoverReason,
  thrownErrorText,
  withErrorText,
  withStatus,
} from "../../../extensions/minimax-keychain/requests/errors.ts";
import { AuthError, Secret } from "../../../src/index.ts";

const FAILED = {
  accessToken: new Secret("access-1"),
  region: "global",
  modelId: "MiniMax-M3",
  noOtherToken: async () => undefined,
};

describe("a server's error", () => {
  test("that echoes the token is shown without it", () => {
    assert.equal(errorText("400 bad header: Bearer access-1!", FAILED), "400 bad header: Bearer [secret]!");
  });

  test("says what to do where that is known", () => {
    assert.match(errorText("401 invalid api key (2049)", FAILED), /^401 .*\n.*--minimax-region cn`/);
  });

  test("of an account without a plan says how to get on, with a code for the host", () => {
    assert.match(
      errorText("200 no plan (2062)", FAILED),
      /\n.*no active coding plan at Global.*--minimax-region cn`.*preset api-key`\. \[plan_missing\]$/,
    );
  });

  test("about a model becomes the sentence of model-errors.ts", () => {
    const said = "500 your current token plan not support model, MiniMax-M3 (2061)";
    assert.match(errorText(said, FAILED), /\[model_not_in_plan\]$/);
  });

  /** A stream that ends in this error, as a person gets to see it. */
  function ending(message: { errorMessage: string }, failed: typeof FAILED | typeof SIGNED_OUT) {
    const events = async function* () {
      yield { type: "start" };
      yield { type: "error", error: message };
    };
    const inner = { [Symbol.asyncIterator]: events, result: async () => message };
    return withErrorText(inner as unknown as Parameters<typeof withErrorText>[0], failed);
  }

  test("is put right once, however often it is read", async () => {
    const stream = ending({ errorMessage: "401 access-1 (1004)" }, FAILED);
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    const { errorMessage } = await stream.result();
    assert.deepEqual(types, ["start", "error"]);
    assert.equal(errorMessage, errorText("401 access-1 (1004)", FAILED));
  });

  test("that is thrown is put right as well", async () => {
    const error = await thrownErrorText(new Error("socket closed after access-1"), FAILED);
    assert.equal((error as Error).message, "socket closed after [secret]");
  });

  const over = new Error("MiniMax no longer accepts the stored sign-in. [sign_in_required]");
  const SIGNED_OUT = { ...FAILED, noOtherToken: async () => over };

  test("gives way to the end of the sign-in, where that is its cause", async () => {
    const { errorMessage } = await ending({ errorMessage: "401 access-1" }, SIGNED_OUT).result();
    assert.equal(errorMessage, over.message);
    assert.equal(await thrownErrorText(new Error("401 access-1"), SIGNED_OUT), over);
  });

  test("has a status for the host where a person has to do something", () => {
    const said = { what: "It failed." };
    for (const code of ["sign_in_required", "token_rejected", "keychain_locked"] as const) {
      assert.equal((withStatus(new AuthError(code, said)) as { status?: number }).status, 401);
    }
    assert.ok(!("status" in (withStatus(new AuthError("portal_unreachable", said)) as object)));
  });
});

describe("the host's fallback", () => {
  const REASONS = [
    ["529 overloaded_error", "overloaded"],
    ["429 usage limit exceeded (1030)", "rate_limit"],
    ["401 invalid api key (2049)", "auth"],
    ["500 your current token plan not support model (2061)", "model_not_found"],
    ["200 no active plan (2062)", "model_not_found"],
    ["MiniMax no longer accepts the stored sign-in. [sign_in_required]", "session_expired"],
    ["The keychain is locked. [keychain_locked]", "session_expired"],
    ["MiniMax cannot be reached. [portal_unreachable]", "timeout"],
    ["the prompt is too long", undefined],
  ] as const;
  for (const [errorMessage, reason] of REASONS) {
    test(`is told ${reason ?? "nothing"} of: ${errorMessage}`, () => {
      assert.equal(failoverReason({ errorMessage }), reason);
    });
  }
});
