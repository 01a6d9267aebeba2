import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError, type ErrorCode } from "../../../src/safety/error.ts";
import { Secret } from "../../../src/safety/secret.ts";
import { type Credential, generationId } from "../../../src/tokens/credential.ts";
import type { IssuedTokens } from "../../../src/tokens/ports.ts";
import { refresh } from "../../../src/tokens/refresher.ts";
import { authError } from "../../support/auth-error.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { credential, HOUR, memoryState, memoryStore, NOW } from "./credentials.ts";

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

function scene(held: Credential = credential({ expiresAt: NOW - 1, obtainedAt: NOW - HOUR })) {
  const clock = virtualClock(NOW);
  const store = memoryStore(held);
  const state = memoryState();
  state.put({ ...held, store: "keytar", generationId: generationId(held) });
  const calls: Credential[] = [];
  let answer: IssuedTokens | Error = {
    accessToken: new Secret("access-2"),
    refreshToken: new Secret("refresh-2"),
    expiresAt: NOW + HOUR,
  };
  const options = {
    clock,
    store,
    state,
    lock: <T>(_account: string, work: () => Promise<T>) => work(),
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
  const run = (rejected = false) => refresh({ credential: held, rejected }, options);
  return {
    held,
    store,
    state,
    calls,
    run,
    answerWith: (next: IssuedTokens | Error) => {
      answer = next;
    },
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

test("a refused refresh token is quarantined: one message, and no call again", async () => {
  const { state, held, calls, run, answerWith } = scene();
  answerWith(failure("grant_rejected"));
  await assert.rejects(run(), authError("sign_in_required"));
  assert.equal(state.get("default")?.quarantined, generationId(held));
  for (let i = 0; i < 100; i++) await assert.rejects(run(), authError("sign_in_required"));
  assert.equal(calls.length, 1);
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
  store.write = async () => {
    throw failure("keychain_locked");
  };
  const { credential: renewed, unsaved } = await run();
  assert.equal(unsaved?.code, "keychain_locked");
  assert.equal(store.item, held);
  const later = scene(held);
  later.store.item = held;
  const result = await refresh(
    { credential: { ...renewed, expiresAt: NOW - 1 }, rejected: false },
    {
      clock: virtualClock(NOW),
      store: later.store,
      state: later.state,
      lock: (_account, work) => work(),
      grant: async (from) => {
        assert.equal(from.generation, 2, "the spent refresh token in the keychain is not used");
        return { accessToken: new Secret("access-3"), expiresAt: NOW + HOUR };
      },
    },
  );
  assert.equal(result.credential.generation, 3);
  assert.equal(calls.length, 1);
});
