import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../src/base/error.ts";
import type { Credential } from "../../../src/tokens/credential.ts";
import { notSignedIn, signInRequired, tokenRejected } from "../../../src/tokens/messages.ts";
import { createSession, type SessionOptions } from "../../../src/tokens/session.ts";
import type { Refreshed, Stale } from "../../../src/tokens/types.ts";
import { authError } from "../../support/auth-error.ts";
import { type VirtualClock, virtualClock } from "../../support/virtual-clock.ts";
import { credential, gatewayMemory, HOUR, memoryStore, NOW } from "./credentials.ts";

function sessionWith(stored = credential()) {
  const clock = virtualClock(NOW);
  const store = memoryStore(stored);
  const refreshes: (Stale & { done: (result: Renewed) => void; fail: (error: Error) => void })[] = [];
  const saves: { done: (credential: Credential) => void; fail: (error: Error) => void }[] = [];
  const memory = gatewayMemory();
  const news = { changed: false, looks: 0 };
  const options: SessionOptions = {
    account: "default",
    clock,
    memory,
    random: () => 0,
    async read() {
      const item = await store.read("default");
      if (!item) throw notSignedIn("default");
      return item;
    },
    refresh: (stale) =>
      new Promise((resolve, fail) => {
        const done = (result: Renewed) => resolve({ how: "refreshed", ...result });
        refreshes.push({ ...stale, done, fail });
      }),
    saveLater: () => new Promise((done, fail) => void saves.push({ done, fail })),
    changed() {
      news.looks++;
      const { changed } = news;
      news.changed = false;
      return changed;
    },
  };
  return { session: createSession(options), options, clock, store, refreshes, saves, memory, news };
}

type Renewed = Omit<Refreshed, "how"> & Partial<Pick<Refreshed, "how">>;

const landing = () => new Promise(setImmediate);
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

test("a process that may end at any moment begins no refresh that nobody waits for", async () => {
  const { session, clock, refreshes, memory } = sessionWith();
  memory.backgroundRefreshers = 0;
  clock.advance(HOUR - 60_000);
  assert.equal((await session.token()).generation, 1);
  assert.equal(refreshes.length, 0);
  clock.advance(60_000);
  const token = session.token();
  await landing();
  refreshes[0]?.done({ credential: second() });
  assert.equal((await token).generation, 2);
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
  const { session, clock, refreshes, options } = sessionWith();
  const other = createSession(options);
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

test("a caller's signal ends its wait, not the refresh", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const giveUp = new AbortController();
  const waiting = session.token();
  const aborted = session.token({ signal: giveUp.signal });
  giveUp.abort(new Error("the turn was cancelled"));
  await assert.rejects(aborted, /the turn was cancelled/);
  await assert.rejects(session.token({ signal: giveUp.signal }), /the turn was cancelled/);
  refreshes[0]?.done({ credential: second() });
  assert.equal((await waiting).generation, 2);
  assert.equal(refreshes.length, 1);
});

test("what is served holds no refresh token", async () => {
  const { session } = sessionWith();
  assert.equal("refreshToken" in (await session.token()), false);
});

test("a quarantined sign-in fails at once: no keychain, no network, until something changes", async () => {
  const { session, clock, store, refreshes, news } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const first = session.token();
  await landing();
  refreshes[0]?.fail(signInRequired());
  await assert.rejects(first, authError("sign_in_required"));
  for (let i = 0; i < 100; i++) await assert.rejects(session.token(), authError("sign_in_required"));
  assert.deepEqual([store.reads, refreshes.length], [1, 1]);

  store.item = credential({ signedInAt: NOW + HOUR, obtainedAt: NOW + HOUR, expiresAt: NOW + 2 * HOUR });
  news.changed = true;
  clock.advance(250);
  assert.equal((await session.token()).signedInAt, NOW + HOUR);
});

test("a quarantined sign-in is looked at again after a minute, in case nobody told", async () => {
  const { session, clock, store, refreshes } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const first = session.token();
  await landing();
  refreshes[0]?.fail(signInRequired());
  await assert.rejects(first);
  store.item = credential({ signedInAt: NOW + HOUR, obtainedAt: NOW + HOUR, expiresAt: NOW + 2 * HOUR });
  clock.advance(60_000);
  assert.equal((await session.token()).signedInAt, NOW + HOUR);
});

test("a token that is still valid is served though its refresh was refused for good", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  clock.advance(HOUR - 60_000);
  await session.token();
  refreshes[0]?.fail(signInRequired());
  await landing();
  clock.advance(30_000);
  assert.equal((await session.token()).generation, 1);
  assert.equal(refreshes.length, 1);
});

test("what another process stored is used within a second, with one keychain read", async () => {
  const { session, clock, store, news } = sessionWith();
  await session.token();
  store.item = second();
  news.changed = true;
  assert.equal((await session.token()).generation, 1);
  clock.advance(250);
  assert.equal((await session.token()).generation, 1, "the valid one is served while the keychain is read");
  await landing();
  assert.equal((await session.token()).generation, 2);
  assert.equal(store.reads, 2);
});

test("a keychain that cannot say what changed is asked again later, behind the valid token", async () => {
  const { session, clock, store, news } = sessionWith();
  await session.token();
  const read = store.read;
  store.read = async () => {
    throw new AuthError("keychain_locked", { what: "x", next: "y" });
  };
  news.changed = true;
  clock.advance(250);
  for (let i = 0; i < 5; i++) assert.equal((await session.token()).generation, 1);
  store.read = read;
  store.item = second();
  clock.advance(5_000);
  await session.token();
  await landing();
  assert.equal((await session.token()).generation, 2);
});

test("signed out elsewhere: the token is not served any more", async () => {
  const { session, clock, store, news } = sessionWith();
  await session.token();
  store.item = undefined;
  news.changed = true;
  clock.advance(250);
  await session.token();
  await landing();
  await assert.rejects(session.token(), authError("sign_in_required"));
});

test("looking for changes is rare, however many requests there are", async () => {
  const { session, clock, news } = sessionWith();
  await session.token();
  const looks = news.looks;
  for (let i = 0; i < 1000; i++) {
    clock.advance(1);
    await session.token();
  }
  assert.ok(news.looks - looks <= 4);
});

test("refreshes that fail behind a valid token are spaced out", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  clock.advance(HOUR - 600_000);
  for (let second = 0; second < 600; second++) {
    await session.token();
    refreshes.at(-1)?.fail(down());
    await landing();
    clock.advance(1_000);
  }
  assert.ok(refreshes.length >= 5 && refreshes.length <= 12, `${refreshes.length} refreshes`);
});

test("Retry-After is obeyed behind a valid token", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  clock.advance(HOUR - 600_000);
  await session.token();
  refreshes[0]?.fail(new AuthError("portal_unavailable", { what: "x", next: "y", retryAfterSeconds: 120 }));
  await landing();
  clock.advance(119_000);
  await session.token();
  assert.equal(refreshes.length, 1);
  clock.advance(1_000);
  await session.token();
  assert.equal(refreshes.length, 2);
});

test("a fresh token that the provider refuses too ends in a hint, not in a circle", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  session.rejected("access-1");
  const next = session.token();
  await landing();
  refreshes[0]?.done({ credential: credential({ generation: 2 }) });
  await next;
  session.rejected("access-2");
  const again = session.token();
  await landing();
  refreshes[1]?.fail(tokenRejected(credential({ region: "cn" })));
  await assert.rejects(again, (error: Error) => /"cn".*plan/.test(error.message));
  for (let i = 0; i < 10; i++) await assert.rejects(session.token(), authError("token_rejected"));
  assert.equal(refreshes.length, 2);
  clock.advance(60_000);
  assert.equal((await session.token()).generation, 2, "later the provider may think otherwise");
});

test("what the keychain refused is served, tried again at intervals, and at the end", async () => {
  const { session, clock, refreshes, saves, memory } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const waiting = session.token();
  await landing();
  const locked = new AuthError("keychain_locked", { what: "x", next: "y" });
  refreshes[0]?.done({ credential: second(), unsaved: locked });
  assert.equal((await waiting).generation, 2);
  assert.equal(memory.unsaved?.error.code, "keychain_locked");
  clock.advance(1_000);
  assert.equal((await session.token()).generation, 2);
  assert.equal(saves.length, 1);
  saves[0]?.fail(locked);
  await landing();
  clock.advance(250);
  await session.token();
  assert.equal(saves.length, 1);
  const end = session.flush();
  await landing();
  saves[1]?.done(second());
  await end;
  assert.equal(memory.unsaved, undefined);
  await session.flush();
  assert.equal(saves.length, 2);
});

test("an older record in the keychain does not replace what it refused to take", async () => {
  const { session, clock, refreshes, news } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const waiting = session.token();
  await landing();
  refreshes[0]?.done({ credential: second(), unsaved: down() });
  await waiting;
  news.changed = true;
  clock.advance(250);
  await session.token();
  await landing();
  assert.equal((await session.token()).generation, 2);
});

const DAY = 86_400_000;

for (const [name, turn] of [
  ["set forward by a day", (clock: VirtualClock) => clock.setBy(DAY)],
  ["asleep for a day", (clock: VirtualClock) => clock.suspend(DAY)],
] as const) {
  test(`a machine ${name}: one refresh`, async () => {
    const { session, clock, refreshes } = sessionWith();
    await session.token();
    turn(clock);
    const waiting = [session.token(), session.token()];
    await landing();
    const [obtainedAt, expiresAt] = [clock.now(), clock.now() + HOUR];
    refreshes[0]?.done({ credential: credential({ generation: 2, obtainedAt, expiresAt }) });
    await Promise.all(waiting);
    for (let i = 0; i < 40; i++) {
      clock.advance(60_000);
      assert.equal((await session.token()).generation, 2);
    }
    assert.equal(refreshes.length, 1);
  });
}

test("a machine set back by a day: a token still ends when its life is over", async () => {
  const { session, clock, refreshes } = sessionWith();
  await session.token();
  clock.setBy(-DAY);
  assert.equal((await session.token()).generation, 1);
  clock.advance(HOUR);
  void session.token();
  await landing();
  assert.equal(refreshes[0]?.urgent, true);
});

test("how loads and refreshes ended is remembered, without secrets", async () => {
  const { session, clock, refreshes, memory } = sessionWith();
  await session.token();
  clock.advance(HOUR);
  const failing = session.token();
  await landing();
  clock.advance(1_500);
  refreshes[0]?.fail(down());
  await assert.rejects(failing);
  assert.deepEqual(memory.outcomes, [
    { at: NOW + HOUR + 1_500, code: "portal_unreachable", durationMs: 1_500 },
    { at: NOW, code: "adopted", durationMs: 0 },
  ]);
});
