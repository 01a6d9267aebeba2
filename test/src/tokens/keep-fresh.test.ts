import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError, type ErrorCode } from "../../../src/base/error.ts";
import { keepFresh } from "../../../src/tokens/keep-fresh.ts";
import type { LiveToken } from "../../../src/tokens/session-memory.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { credential } from "./credentials.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test("a sign-in that is not there is told once, and looked for until it is", async () => {
  const here = scene(["sign_in_required", "sign_in_required", "sign_in_required", "token"]);
  await here.run();
  assert.deepEqual(here.reported, ["sign_in_required", "token 1"]);
  assert.deepEqual(here.clock.sleeps.slice(0, 3), [5_000, 5_000, 5_000]);
});

test("another cause is told anew, and so is the same one after a success", async () => {
  const here = scene(["portal_unreachable", "token_rejected", "token", "token_rejected"]);
  await here.run();
  assert.deepEqual(here.reported, ["portal_unreachable", "token_rejected", "token 1", "token_rejected"]);
});

test("a server that asks for time gets it, up to a minute", async () => {
  const here = scene(["portal_unavailable 40", "portal_unavailable 4000", "token"]);
  await here.run();
  assert.deepEqual(here.clock.sleeps.slice(0, 2), [40_000, 60_000]);
});

test("a server that is down is asked ever more rarely, at last once a minute", async () => {
  const down = Array.from({ length: 6 }, () => "portal_unreachable");
  const here = scene([...down, "token", "portal_unreachable", "token"]);
  await here.run();
  assert.deepEqual(here.reported, ["portal_unreachable", "token 1", "portal_unreachable", "token 1"]);
  assert.deepEqual(here.clock.sleeps.slice(0, 6), [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  assert.equal(here.clock.sleeps[7], 5_000, "after a success it begins anew");
});

test("a keychain that is locked at the start is waited for", async () => {
  const here = scene(["keychain_locked", "keychain_locked", "token"]);
  await here.run();
  assert.deepEqual(here.reported, ["keychain_locked", "token 1"]);
});

test("a fault that is none of ours does not end it, nor is it asked again in a hurry", async () => {
  const here = scene(["bug", "token"]);
  await here.run();
  assert.deepEqual(here.reported, ["bug", "token 1"]);
  assert.equal(here.clock.sleeps[0], MINUTE_MS);
});

test("a token is looked at every few seconds: a suspended machine's timers cannot be relied on", async () => {
  const here = scene(["token", "token", "token"]);
  await here.run();
  assert.deepEqual(here.reported, ["token 1"], "the same token is no news");
  assert.deepEqual(new Set(here.clock.sleeps), new Set([5_000]));
});

test("a token of 20 s is asked for as soon as it is due, and then every second until it is new", async () => {
  const here = scene(["token", "token", "token", "token"], 20_000);
  await here.run();
  assert.deepEqual(here.clock.sleeps.slice(0, 4), [5_000, 5_000, 1_000, 1_000]);
});

test("a new token is told", async () => {
  const here = scene(["token", "next token"]);
  await here.run();
  assert.deepEqual(here.reported, ["token 1", "token 2"]);
});

test("it ends when told to, in the middle of a wait", async () => {
  const stop = new AbortController();
  const clock = {
    ...virtualClock(),
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  };
  const live = async () => credential({});
  const running = keepFresh({
    token: live,
    clock,
    signal: stop.signal,
    onToken: () => setImmediate(() => stop.abort()),
    onTrouble: () => assert.fail("nothing is wrong"),
  });
  await running;
});

/** A token that is asked for: each answer in turn ("token", a code with seconds, "bug"), then the end. */
function scene(answers: string[], lifeMs = HOUR_MS) {
  const clock = virtualClock();
  const stop = new AbortController();
  const reported: string[] = [];
  const issue = (generation: number): LiveToken =>
    credential({ generation, obtainedAt: clock.now(), expiresAt: clock.now() + lifeMs });
  let live = issue(1);
  const left = [...answers];
  const token = async () => {
    const [answer = "", seconds] = (left.shift() ?? "end").split(" ");
    if (answer === "end") {
      stop.abort();
      throw new Error("The end of the scene.");
    }
    if (answer === "next") live = issue(2);
    if (answer === "token" || answer === "next") return live;
    if (answer === "bug") throw new TypeError("bug");
    const retryAfterSeconds = seconds === undefined ? {} : { retryAfterSeconds: Number(seconds) };
    throw new AuthError(answer as ErrorCode, { what: "Not now.", ...retryAfterSeconds });
  };
  const run = () =>
    keepFresh({
      token,
      clock,
      signal: stop.signal,
      onToken: ({ generation }) => void reported.push(`token ${generation}`),
      onTrouble: (error) => void reported.push(error instanceof AuthError ? error.code : "bug"),
    });
  return { clock, reported, run };
}
