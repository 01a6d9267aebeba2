import assert from "node:assert/strict";
import { test } from "node:test";
import { ResponseBodyError } from "openid-client";
import { pollForTokens } from "../../../src/oauth/poll.ts";
import type { TokenSet } from "../../../src/oauth/types.ts";
import { AuthError, type ErrorCode } from "../../../src/safety/error.ts";
import { Secret } from "../../../src/safety/secret.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const TOKENS: TokenSet = { accessToken: new Secret("a"), expiresAt: 1, extra: {} };

/** openid-client's error for an OAuth refusal. */
function refusal(error: string): ResponseBodyError {
  return new ResponseBodyError("refused", { cause: { error }, response: new Response() });
}
const trouble = (code: ErrorCode, retryAfterSeconds?: number) =>
  new AuthError(code, { what: "x", next: "y", ...(retryAfterSeconds ? { retryAfterSeconds } : {}) });

/** Polls through `answers`, an endless "pending" after them; gives the waits in ms. */
async function poll(answers: (Error | TokenSet)[], { lifeMs = 600_000, intervalMs = 3_000 } = {}) {
  const clock = virtualClock();
  const waits: { msLeft: number; trouble?: Error }[] = [];
  const request = async () => {
    const answer = answers.shift() ?? refusal("authorization_pending");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const result = pollForTokens(
    request,
    { intervalMs, expiresAt: clock.now() + lifeMs },
    { clock, onWait: (wait) => void waits.push(wait) },
  );
  return { result, clock, waits };
}

test("a denial, an expired code and any other refusal end polling at once", async () => {
  const ends: [string, ErrorCode][] = [
    ["access_denied", "access_denied"],
    ["expired_token", "code_expired"],
    ["invalid_client", "portal_refused"],
  ];
  for (const [error, code] of ends) {
    const { result, clock } = await poll([refusal(error)]);
    await assert.rejects(result, authError(code));
    assert.equal(clock.sleeps.length, 1);
  }
});

test("nobody approves: polling ends exactly when the code does", async () => {
  const { result, clock } = await poll([], { lifeMs: 10_500 });
  await assert.rejects(result, authError("code_expired"));
  assert.deepEqual(clock.sleeps, [3_000, 3_000, 3_000, 1_500]);
});

test("a code that lives for less than a second is still waited for to its end", async () => {
  const { result, clock } = await poll([], { lifeMs: 400 });
  await assert.rejects(result, authError("code_expired"));
  assert.deepEqual(clock.sleeps, [400]);
});

test("a redirect or an answer without sense ends polling", async () => {
  for (const code of ["portal_redirected", "answer_invalid", "answer_too_large"] as const) {
    const { result } = await poll([trouble(code)]);
    await assert.rejects(result, authError(code));
  }
});

test("an unreachable server slows polling down and does not end the sign-in", async () => {
  const { result, clock, waits } = await poll([
    trouble("portal_unreachable"),
    trouble("portal_timed_out"),
    trouble("portal_unavailable"),
    refusal("authorization_pending"),
    TOKENS,
  ]);
  assert.equal(await result, TOKENS);
  assert.deepEqual(clock.sleeps, [3_000, 6_000, 12_000, 24_000, 3_000]);
  assert.deepEqual(
    waits.map((wait) => wait.trouble !== undefined),
    [false, true, true, true, false],
  );
});

test("Retry-After is obeyed", async () => {
  const { result, clock } = await poll([trouble("portal_unavailable", 40), TOKENS]);
  await result;
  assert.deepEqual(clock.sleeps, [3_000, 40_000]);
});

test("slow_down adds five seconds for good", async () => {
  const { result, clock } = await poll([refusal("slow_down"), refusal("authorization_pending"), TOKENS]);
  await result;
  assert.deepEqual(clock.sleeps, [3_000, 8_000, 8_000]);
});

test("giving up ends the wait as a cancelled sign-in", async () => {
  const clock = virtualClock();
  const result = pollForTokens(
    async () => assert.fail("polled after the person gave up"),
    { intervalMs: 3_000, expiresAt: clock.now() + 60_000 },
    { clock, signal: AbortSignal.abort() },
  );
  await assert.rejects(result, authError("cancelled"));
});
