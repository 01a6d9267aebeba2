import assert from "node:assert/strict";
import { test } from "node:test";
import { ResponseBodyError } from "openid-client";
import { AuthError, type ErrorCode } from "../../../src/base/error.ts";
import { Secret } from "../../../src/base/secret.ts";
import type { TokenSet } from "../../../src/oauth/answers.ts";
import { type PollWait, pollForTokens } from "../../../src/oauth/poll.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const TOKENS: TokenSet = { accessToken: new Secret("a"), expiresAt: 1, missingScope: [], extra: {} };

/** openid-client's error for an OAuth refusal. */
function refusal(error: string): ResponseBodyError {
  return new ResponseBodyError("refused", { cause: { error }, response: new Response() });
}
const trouble = (code: ErrorCode, retryAfterSeconds?: number) =>
  new AuthError(code, { what: "x", next: "y", ...(retryAfterSeconds ? { retryAfterSeconds } : {}) });

/** Polls through `answers`, an endless "pending" after them; tells when the server was asked, in ms. */
async function poll(answers: (Error | TokenSet)[], { lifeMs = 600_000, intervalMs = 3_000 } = {}) {
  const clock = virtualClock();
  const start = clock.now();
  const asked: number[] = [];
  const waits: PollWait[] = [];
  const request = async () => {
    asked.push(clock.now() - start);
    const answer = answers.shift() ?? refusal("authorization_pending");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const result = pollForTokens(
    request,
    { intervalMs, expiresAt: start + lifeMs },
    { clock, onWait: (wait) => void waits.push(wait) },
  );
  return { result, clock, waits, asked, ended: () => clock.now() - start };
}

const ends: [string, string, ErrorCode][] = [
  ["DF-15 a denial", "access_denied", "access_denied"],
  ["DF-16 an expired code", "expired_token", "code_expired"],
  ["DF-18 any other refusal", "invalid_client", "portal_refused"],
];
for (const [name, error, code] of ends) {
  test(`${name} ends polling at once`, async () => {
    const { result, asked } = await poll([refusal(error)]);
    await assert.rejects(result, authError(code));
    assert.deepEqual(asked, [3_000]);
  });
}

test("DF-05 nobody approves: polling ends exactly when the code does", async () => {
  const { result, asked, ended } = await poll([], { lifeMs: 10_500 });
  await assert.rejects(result, authError("code_expired"));
  assert.deepEqual(asked, [3_000, 6_000, 9_000]);
  assert.equal(ended(), 10_500);
});

test("DF-05 a code that lives for less than a second is still waited for to its end", async () => {
  const { result, ended } = await poll([], { lifeMs: 400 });
  await assert.rejects(result, authError("code_expired"));
  assert.equal(ended(), 400);
});

test("a redirect or an answer without sense ends polling", async () => {
  for (const code of ["portal_redirected", "answer_invalid", "answer_too_large"] as const) {
    const { result } = await poll([trouble(code)]);
    await assert.rejects(result, authError(code));
  }
});

test("DF-12 while the person decides, polling goes on at the interval", async () => {
  const { result, asked } = await poll([]);
  await assert.rejects(result, authError("code_expired"));
  assert.deepEqual(asked.slice(0, 5), [3_000, 6_000, 9_000, 12_000, 15_000]);
});

test("DF-19 an unreachable server, proxy or certificate slows polling down and does not end the sign-in", async () => {
  const { result, asked, waits } = await poll([
    trouble("portal_unreachable"),
    trouble("portal_timed_out"),
    trouble("portal_unavailable"),
    refusal("authorization_pending"),
    trouble("portal_proxy_refused"),
    trouble("portal_certificate"),
    TOKENS,
  ]);
  assert.equal(await result, TOKENS);
  assert.deepEqual(asked, [3_000, 9_000, 21_000, 45_000, 48_000, 54_000, 66_000]);
  assert.deepEqual(
    [2_000, 3_000, 44_000, 45_000].map((at) => waits[at / 1_000]?.trouble?.code),
    [undefined, "portal_unreachable", "portal_unavailable", undefined],
  );
});

test("DF-20 the back-off doubles up to 30 s and stays inside the code's life", async () => {
  const outage = Array.from({ length: 99 }, () => trouble("portal_unreachable"));
  const { result, asked, ended } = await poll(outage, { lifeMs: 120_000 });
  await assert.rejects(result, (error: Error) => {
    authError("code_expired")(error);
    return /MiniMax could not be asked: portal_unreachable/.test(error.message);
  });
  assert.deepEqual(asked, [3_000, 9_000, 21_000, 45_000, 75_000, 105_000]);
  assert.equal(ended(), 120_000);
});

test("Retry-After is obeyed", async () => {
  const { result, asked } = await poll([trouble("portal_unavailable", 40), TOKENS]);
  await result;
  assert.deepEqual(asked, [3_000, 43_000]);
});

test("DF-13 slow_down adds five seconds", async () => {
  const { result, asked } = await poll([refusal("slow_down"), TOKENS]);
  await result;
  assert.deepEqual(asked, [3_000, 11_000]);
});

test("DF-14 what slow_down added stays, and adds up", async () => {
  const pending = () => refusal("authorization_pending");
  const answers = [refusal("slow_down"), pending(), pending(), refusal("slow_down"), pending(), TOKENS];
  const { result, asked } = await poll(answers);
  await result;
  assert.deepEqual(asked, [3_000, 11_000, 19_000, 27_000, 40_000, 53_000]);
});

test("the person sees the time left every second, and when the server is asked again", async () => {
  const { result, waits } = await poll([TOKENS], { lifeMs: 90_000 });
  await result;
  assert.deepEqual(
    waits.map(({ msLeft, msToNextPoll }) => [msLeft, msToNextPoll]),
    [
      [90_000, 3_000],
      [89_000, 2_000],
      [88_000, 1_000],
    ],
  );
});

for (const jumpMs of [3_600_000, -3_600_000]) {
  test(`a clock set by ${jumpMs / 60_000} min neither ends nor prolongs the wait, and is named at its end`, async () => {
    let wall = 1_800_000_000_000;
    let monotonic = 0;
    const clock = {
      now: () => wall,
      monotonic: () => monotonic,
      sleep: async (ms: number) => {
        wall += ms;
        monotonic += ms;
      },
    };
    let polls = 0;
    const request = async (): Promise<TokenSet> => {
      if (++polls === 1) wall += jumpMs;
      throw refusal("authorization_pending");
    };
    const result = pollForTokens(request, { intervalMs: 3_000, expiresAt: wall + 30_000 }, { clock });
    await assert.rejects(result, (error: Error) => error.message.includes(`moved by ${jumpMs / 1000} s`));
    assert.deepEqual([polls, monotonic], [9, 30_000]);
  });
}

test("giving up ends the wait as a cancelled sign-in", async () => {
  const clock = virtualClock();
  const result = pollForTokens(
    async () => assert.fail("polled after the person gave up"),
    { intervalMs: 3_000, expiresAt: clock.now() + 60_000 },
    { clock, signal: AbortSignal.abort() },
  );
  await assert.rejects(result, authError("cancelled"));
});
