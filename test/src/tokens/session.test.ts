import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../src/safety/error.ts";
import type { Refreshed, Stale } from "../../../src/tokens/refresher.ts";
import { createSession, type SessionMemory } from "../../../src/tokens/session.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { credential, HOUR, memoryStore, NOW } from "./credentials.ts";

function sessionWith(stored = credential()) {
  const clock = virtualClock(NOW);
  const store = memoryStore(stored);
  const refreshes: (Stale & { done: (result: Refreshed) => void; fail: (error: Error) => void })[] = [];
  const refresh = (stale: Stale) =>
    new Promise<Refreshed>((done, fail) => void refreshes.push({ ...stale, done, fail }));
  const memory: SessionMemory = {};
  const session = createSession({ account: "default", store, refresh, clock, memory });
  return { session, clock, store, refreshes, memory, refresh };
}

const second = () => credential({ generation: 2, obtainedAt: NOW + HOUR, expiresAt: NOW + 2 * HOUR });
const down = () => new AuthError("portal_unreachable", { what: "x", next: "y" });

test("nobody signed in: the command to run", async () => {
  const { session, store } = sessionWith();
  store.item = undefined;
  await assert.rejects(session.token(), authError("sign_in_required"));
});

test("a keychain that failed once is asked again by the next request", async () => {
  const { session, store } = sessionWith();
  const read = store.read;
  store.read = async () => {
    throw new AuthError("keychain_locked", { what: "x", next: "y" });
  };
  await assert.rejects(session.token(), authError("keychain_locked"));
  store.read = read;
  assert.equal((await session.token()).generation, 1);
});

test("a valid token is read from the keychain once and then served from memory", async () => {
  const { session, store, refreshes } = sessionWith();
  for (let i = 0; i < 5; i++) assert.equal((await session.token()).generation, 1);
  assert.deepEqual([store.reads, refreshes.length], [1, 0]);
});

test("a due token is served at once while one refresh runs behind it", async () => {
  const { session, clock, refreshes } = sessionWith();
  clock.advance(HOUR - 60_000);
  assert.equal((await session.token()).generation, 1);
  assert.equal((await session.token()).generation, 1);
  assert.equal(refreshes.length, 1);
  refreshes[0]?.done({ credential: second() });
  await new Promise(setImmediate);
  assert.equal((await session.token()).generation, 2);
});

test("a refresh that fails behind a valid token disturbs nobody", async () => {
  const { session, clock, refreshes } = sessionWith();
  clock.advance(HOUR - 60_000);
  await session.token();
  refreshes[0]?.fail(down());
  await new Promise(setImmediate);
  assert.equal((await session.token()).generation, 1);
});

test("an expired token: a hundred callers wait for one refresh", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const callers = Array.from({ length: 100 }, () => session.token());
  await new Promise(setImmediate);
  refreshes[0]?.done({ credential: second() });
  const generations = new Set((await Promise.all(callers)).map(({ generation }) => generation));
  assert.deepEqual([...generations], [2]);
  assert.equal(refreshes.length, 1);
});

test("after a failed refresh of an expired token the next request tries again", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const first = session.token();
  await new Promise(setImmediate);
  refreshes[0]?.fail(down());
  await assert.rejects(first, authError("portal_unreachable"));
  const again = session.token();
  await new Promise(setImmediate);
  refreshes[1]?.done({ credential: second() });
  assert.equal((await again).generation, 2);
});

test("BT-03 a 401 leads to one refresh of the token it answered, though that looks valid", async () => {
  const { session, refreshes } = sessionWith();
  await session.token();
  session.rejected("access-1");
  const next = session.token();
  await new Promise(setImmediate);
  assert.equal(refreshes[0]?.rejected, true);
  refreshes[0]?.done({ credential: second() });
  assert.equal((await next).generation, 2);
});

test("a late 401 for an older token changes nothing", async () => {
  const { session, refreshes } = sessionWith();
  await session.token();
  session.rejected("access-0");
  assert.equal((await session.token()).generation, 1);
  assert.equal(refreshes.length, 0);
});

test("module instances of one process share one memory and one refresh", async () => {
  const { session, clock, store, refreshes, memory, refresh } = sessionWith();
  const other = createSession({ account: "default", store, refresh, clock, memory });
  await session.token();
  clock.advance(HOUR);
  const both = [session.token(), other.token()];
  await new Promise(setImmediate);
  assert.equal(refreshes.length, 1);
  refreshes[0]?.done({ credential: second() });
  assert.deepEqual(
    (await Promise.all(both)).map(({ generation }) => generation),
    [2, 2],
  );
});
