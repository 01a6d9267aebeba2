import assert from "node:assert/strict";
import { test } from "node:test";
import { LATE_WRITE_MS } from "../../../src/base/deadlines.ts";
import { AuthError, type ErrorCode } from "../../../src/base/error.ts";
import { Secret } from "../../../src/base/secret.ts";
import { type Credential, generationId } from "../../../src/tokens/credential.ts";
import { refresh } from "../../../src/tokens/refresh.ts";
import { saveLater } from "../../../src/tokens/save.ts";
import type { AccountLock, IssuedTokens } from "../../../src/tokens/types.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { credential, HOUR, type MemoryStore, memoryState, memoryStore, NOW } from "./credentials.ts";

const TRANSIENT: ErrorCode[] = [
  "portal_unreachable",
  "portal_timed_out",
  "portal_unavailable",
  "answer_invalid",
  "portal_redirected",
  "answer_too_large",
  "portal_refused",
];
const failure = (code: ErrorCode) => new AuthError(code, { what: "x", next: "y" });

const lock: AccountLock = (_account, work) => work(new AbortController().signal);

function scene(held: Credential = credential({ expiresAt: NOW - 1, obtainedAt: NOW - HOUR })) {
  const clock = virtualClock(NOW);
  const store = memoryStore(held);
  const state = memoryState();
  state.put({ ...held, store: "keytar", generationId: generationId(held) });
  const calls: Credential[] = [];
  const alive = new Set<number>([1]);
  let answer: IssuedTokens | Error = {
    accessToken: new Secret("access-2"),
    refreshToken: new Secret("refresh-2"),
    expiresAt: NOW + HOUR,
  };
  const options = {
    clock,
    store,
    state,
    lock,
    random: () => 1,
    check: () => {},
    process: { pid: 1, isAlive: (pid: number) => alive.has(pid) },
    grant: async (from: Credential) => {
      calls.push(from);
      assert.equal(
        state.get("default")?.intent,
        generationId(from),
        "the intent is recorded before the call",
      );
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const run = (rejected = false, urgent = true) => refresh({ credential: held, rejected, urgent }, options);
  return {
    held,
    clock,
    alive,
    options,
    store,
    state,
    calls,
    run,
    answerWith: (next: IssuedTokens | Error) => {
      answer = next;
    },
  };
}

/** A store that takes what it holds already, and refuses new tokens: it broke while the server answered. */
function refuseNewTokens(store: MemoryStore, code: ErrorCode): void {
  store.write = async ({ generation }) => {
    if (generation !== store.item?.generation) throw failure(code);
  };
}

for (const code of TRANSIENT) {
  test(`${code} costs nothing: the refresh token is tried again later`, async () => {
    const { held, store, state, calls, run, answerWith } = scene();
    answerWith(failure(code));
    await assert.rejects(
      run(),
      (error: Error) => authError(code)(error) && /sign-in is kept/.test(error.message),
    );
    assert.equal(store.item, held);
    assert.equal(state.get("default")?.quarantined, undefined);
    answerWith({ accessToken: new Secret("access-2"), expiresAt: NOW + HOUR });
    assert.equal((await run()).credential.generation, 2);
    assert.equal(calls.length, 2);
  });
}

test("what only a person can put right is named, in the first message and the ones after it", async () => {
  const { calls, run, answerWith } = scene();
  const remedy = "Name its file in NODE_EXTRA_CA_CERTS";
  answerWith(new AuthError("portal_certificate", { what: "x", remedy, next: `${remedy}, then sign in.` }));
  await assert.rejects(run(), /NODE_EXTRA_CA_CERTS\. The next request tries again\. \[portal_certificate\]$/);
  await assert.rejects(
    run(false, false),
    /failed once, most recently 1 s ago: its certificate is not trusted on this machine\./,
  );
  assert.equal(calls.length, 1);
});

test("a refused refresh token is quarantined: one message, and no call again", async () => {
  const { state, held, calls, run, answerWith } = scene();
  answerWith(failure("grant_rejected"));
  await assert.rejects(run(), authError("sign_in_required"));
  assert.equal(state.get("default")?.quarantined, generationId(held));
  for (let i = 0; i < 100; i++) await assert.rejects(run(), authError("sign_in_required"));
  assert.equal(calls.length, 1);
});

test("a person's own refresh asks the server once more, and a good answer ends the quarantine", async () => {
  const { state, held, calls, options, run, answerWith } = scene();
  answerWith(failure("grant_rejected"));
  await assert.rejects(run());
  const byPerson = { credential: held, rejected: false, urgent: true, evenIfRefused: true };
  await assert.rejects(refresh(byPerson, options), authError("sign_in_required"));
  assert.equal(calls.length, 2);
  answerWith({ accessToken: new Secret("access-2"), expiresAt: NOW + HOUR });
  assert.equal((await refresh(byPerson, options)).how, "refreshed");
  assert.equal(state.get("default")?.quarantined, undefined);
});

test("a new sign-in by another process ends the quarantine", async () => {
  const { store, run, answerWith } = scene();
  answerWith(failure("grant_rejected"));
  await assert.rejects(run());
  store.item = credential({ generation: 9, signedInAt: NOW });
  assert.equal((await run()).credential.generation, 9);
});

test("a reply lost earlier is said precisely when the refresh token turns out spent", async () => {
  const { run, answerWith } = scene();
  answerWith(failure("portal_timed_out"));
  await assert.rejects(run());
  answerWith(failure("grant_rejected"));
  await assert.rejects(run(), (error: Error) => /interrupted/.test(error.message));
});

test("another process refreshed already: its token is adopted without a call", async () => {
  const { store, calls, run } = scene();
  store.item = credential({ generation: 2 });
  assert.equal((await run()).credential.generation, 2);
  assert.equal(calls.length, 0);
});

test("a rejected token that is still the newest is refreshed, though it looks valid", async () => {
  const { calls, run } = scene(credential());
  assert.equal((await run(true)).credential.generation, 2);
  assert.equal(calls.length, 1);
});

test("BP-02 the new generation is in the keychain and the state before anyone uses it", async () => {
  const { store, state, run } = scene();
  const { credential: renewed, unsaved } = await run();
  assert.equal(unsaved, undefined);
  assert.equal(store.item, renewed);
  const row = state.get("default");
  assert.deepEqual(
    [row?.generationId, row?.intent, row?.store],
    [generationId(renewed), undefined, "keytar"],
  );
});

test("TK-11 an omitted refresh token and base URL stay as they were", async () => {
  const { held, run, answerWith } = scene();
  answerWith({ accessToken: new Secret("access-2"), expiresAt: NOW + HOUR });
  const { credential: renewed } = await run();
  assert.equal(renewed.refreshToken, held.refreshToken);
  assert.equal(renewed.baseUrl, held.baseUrl);
});

test("a keychain that refuses the new record: it is served from memory and not lost to the old one", async () => {
  const { store, calls, run, held } = scene();
  refuseNewTokens(store, "keychain_locked");
  const { credential: renewed, unsaved } = await run();
  assert.equal(unsaved?.code, "keychain_locked");
  assert.equal(store.item, held);
  const later = scene(held);
  later.store.item = held;
  const result = await refresh(
    { credential: { ...renewed, expiresAt: NOW - 1 }, rejected: false, urgent: true },
    {
      ...later.options,
      grant: async (from) => {
        assert.equal(from.generation, 2, "the spent refresh token in the keychain is not used");
        return { accessToken: new Secret("access-3"), expiresAt: NOW + HOUR };
      },
    },
  );
  assert.equal(result.credential.generation, 3);
  assert.equal(calls.length, 1);
});

test("a server in trouble is asked again only after a while, by whichever process", async () => {
  const { clock, calls, run, answerWith, state } = scene();
  answerWith(failure("portal_unavailable"));
  await assert.rejects(run(false, false), authError("portal_unavailable"));
  for (let i = 0; i < 10; i++) await assert.rejects(run(false, false), authError("portal_unavailable"));
  assert.equal(calls.length, 1);
  assert.equal(state.get("default")?.trouble?.failures, 1);
  clock.advance(1_000);
  await assert.rejects(run(false, false));
  assert.equal(calls.length, 2);
});

test("someone who waits for a token waits a short back-off out", async () => {
  const { clock, calls, run, answerWith } = scene();
  answerWith(failure("portal_unreachable"));
  await assert.rejects(run());
  answerWith({ accessToken: new Secret("access-2"), expiresAt: NOW + 2 * HOUR });
  assert.equal((await run()).credential.generation, 2);
  assert.deepEqual([clock.sleeps, calls.length], [[1_000, LATE_WRITE_MS], 2]);
});

test("what a killed process was writing is waited for: its refresh token is not spent again", async () => {
  const { calls, options, held, state, store, clock } = scene();
  state.setIntent("default", generationId(held));
  const stored = credential({ generation: 2, expiresAt: NOW + 2 * HOUR });
  // The dead process's keychain child is still at work.
  const sleep = async (ms: number) => {
    assert.equal(ms, LATE_WRITE_MS);
    store.item = stored;
  };
  const waiting = { ...options, clock: { ...clock, sleep } };
  const { how } = await refresh({ credential: held, rejected: false, urgent: true }, waiting);
  assert.deepEqual([how, calls.length], ["adopted", 0]);
});

test("a long Retry-After is obeyed: the request fails at once, and says when", async () => {
  const { calls, run, answerWith } = scene();
  answerWith(new AuthError("portal_unavailable", { what: "x", next: "y", retryAfterSeconds: 600 }));
  await assert.rejects(run());
  await assert.rejects(run(), (error: Error) => /in 600 s/.test(error.message));
  assert.equal(calls.length, 1);
});

test("a failure that another process met while this one waited for the lock counts for both", async () => {
  const { calls, options, held, state } = scene();
  const contended: AccountLock = async (account, work) => {
    const trouble = { code: "portal_unavailable", failures: 1, failedAt: NOW, retryAt: NOW + 900 } as const;
    const outcome = { at: NOW, code: "portal_unavailable", durationMs: 1 } as const;
    await state.fail(account, { ...trouble, retryExpiredAt: NOW + 900 }, false, outcome);
    return lock(account, work);
  };
  const waiting = refresh(
    { credential: held, rejected: false, urgent: true },
    { ...options, lock: contended },
  );
  await assert.rejects(waiting, authError("portal_unavailable"));
  assert.equal(calls.length, 0);
});

test("a clock that was set back does not make a back-off endless", async () => {
  const { clock, calls, run, answerWith } = scene();
  answerWith(failure("portal_unreachable"));
  await assert.rejects(run(false, false));
  clock.setBy(-86_400_000);
  await assert.rejects(run(false, false));
  assert.equal(calls.length, 2);
});

test("a second 401 soon after a refresh is not answered by another refresh", async () => {
  const { calls, options, run } = scene(credential());
  const { credential: fresh } = await run(true);
  const again = refresh({ credential: fresh, rejected: true, urgent: true }, options);
  await assert.rejects(again, authError("token_rejected"));
  assert.equal(calls.length, 1);
  options.clock.advance(5 * 60_000);
  await refresh({ credential: fresh, rejected: true, urgent: true }, options);
  assert.equal(calls.length, 2);
});

test("tokens that another living process holds are not spent again", async () => {
  const { alive, calls, held, options, run, store, state } = scene();
  refuseNewTokens(store, "keychain_locked");
  await run();
  assert.equal(state.get("default")?.heldBy, 1);
  const elsewhere = { ...options, process: { pid: 2, isAlive: (pid: number) => alive.has(pid) } };
  const other = () => refresh({ credential: held, rejected: false, urgent: true }, elsewhere);
  await assert.rejects(other(), authError("keychain_refused"));
  assert.equal(calls.length, 1);
  alive.clear();
  await other();
  assert.equal(calls.length, 2);
});

test("nor the stored ones, however often that process has refreshed, and even if its last call failed", async () => {
  const { calls, clock, held, options, run, answerWith, store } = scene();
  refuseNewTokens(store, "keychain_locked");
  const { credential: second } = await run();
  clock.advance(2 * HOUR);
  const expires = clock.now() + HOUR;
  answerWith({
    accessToken: new Secret("access-3"),
    refreshToken: new Secret("refresh-3"),
    expiresAt: expires,
  });
  const third = await refresh({ credential: second, rejected: false, urgent: true }, options);
  assert.equal(third.credential.generation, 3);
  const elsewhere = { ...options, process: { ...options.process, pid: 2 } };
  const other = () => refresh({ credential: held, rejected: false, urgent: true }, elsewhere);
  await assert.rejects(other(), authError("keychain_refused"));
  clock.advance(2 * HOUR);
  answerWith(failure("portal_certificate"));
  await assert.rejects(refresh({ ...third, rejected: false, urgent: true }, options));
  clock.advance(HOUR);
  await assert.rejects(other(), authError("keychain_refused"));
  assert.deepEqual(
    calls.map(({ generation }) => generation),
    [1, 2, 3],
  );
});

test("what the keychain refused is stored later, unless somebody signed in meanwhile", async () => {
  const { options, run, state, store } = scene();
  const write = store.write;
  refuseNewTokens(store, "keychain_locked");
  const { credential: fresh } = await run();
  await assert.rejects(saveLater(fresh, options), authError("keychain_locked"));
  store.write = write;
  assert.equal(await saveLater(fresh, options), fresh);
  assert.equal(store.item, fresh);
  assert.deepEqual(
    [state.get("default")?.heldBy, state.get("default")?.generationId],
    [undefined, generationId(fresh)],
  );
  const anew = credential({ signedInAt: NOW + 1 });
  store.item = anew;
  assert.equal(await saveLater(fresh, options), anew);
  assert.equal(store.item, anew);
});

test("a lock whose time is over before the call begins no call", async () => {
  const { calls, held, options, store, state } = scene();
  const over = new AbortController();
  const slow = {
    ...store,
    read: async () => {
      over.abort(new AuthError("state_unavailable", { what: "It took too long.", next: "Nothing." }));
      return held;
    },
  };
  const waiting = refresh(
    { credential: held, rejected: false, urgent: true },
    { ...options, store: slow, lock: (_account, work) => work(over.signal) },
  );
  await assert.rejects(waiting, authError("state_unavailable"));
  assert.equal(calls.length, 0);
  assert.equal(store.item, held);
  assert.equal(state.get("default")?.intent, undefined);
});

test("tokens that come when the hold of the lock is over are kept in memory, for the server has rotated", async () => {
  const { held, options, store, state } = scene();
  const over = new AbortController();
  const grant = async (from: Credential) => {
    over.abort();
    return options.grant(from);
  };
  const { credential: fresh, unsaved } = await refresh(
    { credential: held, rejected: false, urgent: true },
    { ...options, grant, lock: (_account, work) => work(over.signal) },
  );
  assert.equal(fresh.generation, 2);
  assert.equal(unsaved?.code, "keychain_refused");
  assert.equal(store.item, held);
  assert.equal(state.get("default")?.heldBy, 1);
  assert.equal(await saveLater(fresh, options), fresh);
  assert.equal(store.item, fresh);
});

const full = () => {
  throw failure("state_unavailable");
};

test("no call without its intent on disk: a full disk costs a try, and nothing is spent", async () => {
  const { options, held, store, calls } = scene();
  const state = { ...options.state, setIntent: full };
  const stale = { credential: held, rejected: false, urgent: true };
  await assert.rejects(refresh(stale, { ...options, state }), authError("state_unavailable"));
  assert.equal(calls.length, 0);
  assert.equal(store.item, held);
});

for (const code of [
  "keychain_refused",
  "keychain_locked",
  "keychain_timed_out",
  "store_file_unsafe",
] as const) {
  test(`a store that reads but does not write (${code}): nothing is sent, and the next try goes on`, async () => {
    const { run, store, state, calls, clock, held } = scene();
    const { write } = store;
    store.write = async () => {
      throw failure(code);
    };
    await assert.rejects(run(), (error: Error) => {
      authError(code)(error);
      assert.match(error.message, /No refresh was begun.*Your sign-in is kept/);
      return true;
    });
    assert.equal(calls.length, 0);
    assert.equal(store.item, held);
    const { intent, trouble, quarantined } = state.get("default") ?? assert.fail();
    assert.deepEqual([intent, trouble?.code, quarantined], [undefined, code, undefined]);
    store.write = write;
    clock.advance(60_000);
    assert.equal((await run()).how, "refreshed");
  });
}

test("a store that does not write keeps the intent of an earlier refresh", async () => {
  const { run, store, state, held } = scene();
  state.setIntent("default", generationId(held));
  store.write = async () => {
    throw failure("keychain_refused");
  };
  await assert.rejects(run(), authError("keychain_refused"));
  assert.equal(state.get("default")?.intent, generationId(held));
});

test("a state that cannot be written after the call costs no tokens", async () => {
  const { options, held, store } = scene();
  const state = { ...options.state, put: full };
  const stale = { credential: held, rejected: false, urgent: true };
  const grant = async () => ({ accessToken: new Secret("access-2"), expiresAt: NOW + HOUR });
  const { credential: fresh } = await refresh(stale, { ...options, state, grant });
  assert.equal(store.item, fresh);
});

test("each call of the server leaves its outcome in the state", async () => {
  const { run, answerWith, state, clock } = scene();
  answerWith(failure("portal_timed_out"));
  await assert.rejects(run());
  answerWith({ accessToken: new Secret("access-2"), expiresAt: NOW + HOUR });
  clock.advance(1_000);
  await run();
  assert.deepEqual(state.outcomes, ["portal_timed_out", "refreshed"]);
});
