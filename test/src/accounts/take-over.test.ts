import assert from "node:assert/strict";
import { test } from "node:test";
import { takeOver } from "../../../src/accounts/take-over.ts";
import { AuthError } from "../../../src/base/error.ts";
import { generationId } from "../../../src/tokens/credential.ts";
import { authError } from "../../support/auth-error.ts";
import { credential, memoryState, memoryStore, NOW } from "../tokens/credentials.ts";

const OTHERS = credential({ generation: 1 });

function interruptedBy(
  meanwhile: (store: ReturnType<typeof memoryStore>, state: ReturnType<typeof memoryState>) => void,
) {
  const store = memoryStore(undefined);
  const state = memoryState();
  const done = takeOver({
    credential: OTHERS,
    state,
    lock: (_account, work) => work(new AbortController().signal),
    isTaken: async () => false,
    chooseStore: async () => ({ name: "keytar", store }),
    async refresh() {
      meanwhile(store, state);
      throw new AuthError("portal_unreachable", { what: "x", next: "y" });
    },
    saveLater: async (fresh) => fresh,
  });
  return { done, store, state };
}

test("a login that could not be proven is taken out of the keychain and the state again", async () => {
  const { done, store, state } = interruptedBy(() => {});
  await assert.rejects(done, authError("portal_unreachable"));
  assert.equal(store.item, undefined);
  assert.equal(state.get("default"), undefined);
});

test("a sign-in that somebody made meanwhile is not taken out with it", async () => {
  const anew = credential({ generation: 9, signedInAt: NOW + 1 });
  const { done, store, state } = interruptedBy((into, noted) => {
    into.item = anew;
    noted.put({ ...anew, store: "keytar", generationId: generationId(anew) });
  });
  await assert.rejects(done, authError("portal_unreachable"));
  assert.equal(store.item, anew);
  assert.equal(state.get("default")?.generationId, generationId(anew));
});

test("a sign-in that somebody makes while a store is chosen is not overwritten", async () => {
  const anew = credential({ generation: 9, signedInAt: NOW + 1 });
  const store = memoryStore(undefined);
  const state = memoryState();
  const done = takeOver({
    credential: OTHERS,
    state,
    lock: (_account, work) => work(new AbortController().signal),
    isTaken: async () => state.get("default") !== undefined,
    async chooseStore() {
      store.item = anew;
      state.put({ ...anew, store: "keytar", generationId: generationId(anew) });
      return { name: "keytar", store };
    },
    refresh: () => assert.fail("nothing may be refreshed"),
    saveLater: async (fresh) => fresh,
  });
  await assert.rejects(done, authError("already_signed_in"));
  assert.equal(store.item, anew);
  assert.equal(state.get("default")?.generationId, generationId(anew));
});
