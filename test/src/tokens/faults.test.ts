import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { FaultKind } from "../../../fixtures/portal/index.ts";
import { type ErrorCode, isAuthError } from "../../../src/base/error.ts";
import { HOUR } from "./credentials.ts";
import { brokenAnswers, type Outage, WITHOUT_ANSWER, withoutAnswer } from "./outage.ts";

const MINUTE = 60_000;
/** Behind a valid token ever more rarely; then, for those who wait, every 7.5 to 15 s after a quicker start. */
const MOST_CALLS = 330;

type Fault = readonly [name: string, code: ErrorCode, open: (t: TestContext) => Outage | Promise<Outage>];

const silent = (name: string, why: keyof typeof WITHOUT_ANSWER): Fault => {
  const error = WITHOUT_ANSWER[why];
  return [name, error.code, () => withoutAnswer(error)];
};
const answer = (name: string, code: ErrorCode, fault: FaultKind): Fault => {
  return [name, code, (t) => brokenAnswers(t, fault)];
};

const FAULTS: readonly Fault[] = [
  silent("a host name that is not found", "dns"),
  silent("a refused connection", "refused"),
  silent("a certificate that has expired", "certificate"),
  silent("a server that hangs", "hang"),
  answer("a reset in the middle of the answer", "portal_unreachable", { kind: "reset-mid-body" }),
  answer("HTTP 408", "portal_unavailable", { kind: "status", status: 408 }),
  answer("HTTP 429 with Retry-After", "portal_unavailable", {
    kind: "status",
    status: 429,
    headers: { "retry-after": "40" },
  }),
  answer("HTTP 500", "portal_unavailable", { kind: "status", status: 500 }),
  answer("HTTP 502 with a web page", "portal_unavailable", { kind: "html-502" }),
  answer("half an answer", "answer_invalid", { kind: "truncated-json" }),
  answer('status:"error"', "portal_unavailable", { kind: "body", body: { status: "error" } }),
  answer("HTTP 200 without a body", "portal_unavailable", { kind: "empty" }),
];

for (const [name, code, open] of FAULTS) {
  test(`${name}, once: nothing is lost, and a request a minute later goes on`, async (t) => {
    const outage = await open(t);
    outage.advance(HOUR + MINUTE);
    outage.begin();
    await assert.rejects(outage.ask(), (error) => isAuthError(error, code));
    outage.end();
    outage.advance(MINUTE);
    await outage.ask();
    assert.equal(outage.refreshed(), 1);
  });

  test(`${name}, for an hour: served while the token is valid, few calls, and it goes on by itself`, async (t) => {
    const outage = await open(t);
    outage.advance(40 * MINUTE);
    await outage.ask();
    assert.equal(outage.attempts(), 0);
    outage.begin();
    const [from, validUntil] = [outage.now(), outage.now() + 20 * MINUTE - 10_000];
    let [requests, failed] = [0, 0];
    for (; outage.now() < from + HOUR; outage.advance(1_000)) {
      const valid = outage.now() < validUntil;
      requests++;
      await outage.ask().catch((error: unknown) => {
        assert.ok(isAuthError(error, code), String(error));
        assert.ok(!valid, "a request failed while the token was valid");
        failed++;
      });
      await outage.settle();
    }
    t.diagnostic(`${requests} requests in the hour, ${failed} failed; ${outage.attempts()} calls`);
    assert.ok(failed > 0 && outage.attempts() > 0 && outage.attempts() <= MOST_CALLS);
    outage.end();
    outage.advance(MINUTE);
    await outage.ask();
    assert.equal(outage.refreshed(), 1);
  });
}
