import assert from "node:assert/strict";
import { test } from "node:test";
import { type TakeOverSteps, takeOver } from "../../../src/accounts/take-over.ts";
import { AuthError } from "../../../src/base/error.ts";
import { generationId } from "../../../src/tokens/credential.ts";
import { authError } from "../../support/auth-error.ts";
import { credential, memoryState, memoryStore, NOW } from "../tokens/credentials.ts";

const OTHERS = credential({ generation: 1 });
const ANEW = credential({ generation: 9, signedInAt: NOW + 1 });

type Scene = { store: ReturnType<typeof memoryStore>; state: ReturnType<typeof memoryState> };

/** Takes a login over; `more` are the steps that are not as usual. */
function takingOver(more: (scene: Scene) => Partial<TakeOverSteps>) {
  const store = memoryStore(undefined);
  const state = memoryState();
  const done = takeOver({
    credential: OTHERS,
    state,
    lock: (_account, work) => work(new AbortController().signal),
    isTaken: async () => false,
    chooseStore: async () => ({ name: "keytar", store }),
    refresh: () => assert.fail("nothing may be refreshed"),
    saveLater: async (fresh) => fresh,
    ...more({ store, state }),
  });
  return { done, store, state };
}

const interruptedBy = (meanwhile: (scene: Scene) => void) =>
  takingOver((scene) => ({
    async refresh() {
      meanwhile(scene);
      throw new AuthError("portal_unreachable", { what: "x", next: "y" });
    },
  }));

function signInAnew({ store, state }: Scene): void {
  store.item = ANEW;
  state.put({ ...ANEW, store: "keytar", generationId: generationId(ANEW) });
}

test("a login that could not be proven is taken out of the keychain and the state again", async () => {
  const { done, store, state } = interruptedBy(() => {});
  await assert.rejects(done, authError("portal_unreachable"));
  assert.equal(store.item, undefined);
  assert.equal(state.get("default"), undefined);
});

test("a sign-in that somebody made meanwhile is not taken out with it", async () => {
  const { done, store, state } = interruptedBy(signInAnew);
  await assert.rejects(done, authError("portal_unreachable"));
  assert.equal(store.item, ANEW);
  assert.equal(state.get("default")?.generationId, generationId(ANEW));
});

test("a sign-in that somebody makes while a store is chosen is not overwritten", async () => {
  const { done, store, state } = takingOver((scene) => ({
    isTaken: async () => scene.state.get("default") !== undefined,
    async chooseStore() {
      signInAnew(scene);
      return { name: "keytar", store: scene.store };
    },
  }));
  await assert.rejects(done, authError("already_signed_in"));
  assert.equal(store.item, ANEW);
  assert.equal(state.get("default")?.generationId, generationId(ANEW));
});
