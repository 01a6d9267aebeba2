import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { moveSignIn } from "../../../src/accounts/move.ts";
import { AuthError } from "../../../src/base/error.ts";
import { type Credential, generationId } from "../../../src/tokens/credential.ts";
import type { CredentialStore } from "../../../src/tokens/types.ts";
import { authError } from "../../support/auth-error.ts";
import { credential, type MemoryStore, memoryState, memoryStore } from "../tokens/credentials.ts";

const REFUSED = new AuthError("keychain_refused", { what: "keytar refused the call.", next: "Run: x" });
const DURABLE = ["keytar", "secret-service", "encrypted-file"];

describe("moving a sign-in that fails", () => {
  test("leaves it where it was when the new store does not prove itself", async () => {
    const here = scene();
    const prove = () => Promise.reject(REFUSED);
    await assert.rejects(here.move({ prove }), {
      code: "keychain_refused",
      message: /stays in keytar. Run: x/,
    });
    here.assertIn("keytar");
  });

  test("leaves it where it was when the new store gives back something else", async () => {
    const here = scene();
    here.stores["encrypted-file"].write = async (written) => {
      here.stores["encrypted-file"].item = { ...written, generation: written.generation + 1 };
    };
    await assert.rejects(here.move(), authError("keychain_refused"));
    here.assertIn("keytar");
    assert.equal(here.stores["encrypted-file"].item, undefined);
  });

  test("leaves it where it was when the old store is locked", async () => {
    const here = scene();
    const locked = new AuthError("keychain_locked", { what: "It is locked.", next: "Run: x" });
    here.stores.keytar.read = () => Promise.reject(locked);
    await assert.rejects(here.move(), authError("keychain_locked"));
    assert.equal(here.state.get("default")?.store, "keytar");
  });

  for (let step = 1; step <= 6; step++) {
    test(`keeps a sign-in that works when the process dies before step ${step}, and can be done again`, async () => {
      const here = scene();
      const died = await here.moveAndDieBefore(step);
      const store = here.state.get("default")?.store ?? "";
      const kept = here.stores[store as keyof typeof here.stores].item;
      assert.ok(kept !== undefined && generationId(kept) === generationId(here.signedIn));
      await here.move();
      here.assertIn("encrypted-file");
      // Read, read again under the lock, write, read back, switch the state, delete.
      assert.equal(died, true);
    });
  }

  test("says so when the old copy cannot be deleted; moving again deletes it", async () => {
    const here = scene();
    const { delete: deleteIt } = here.stores.keytar;
    here.stores.keytar.delete = () => Promise.reject(REFUSED);
    const moved = await here.move();
    assert.equal(moved.leftover, REFUSED);
    assert.equal(here.state.get("default")?.store, "encrypted-file");
    here.stores.keytar.delete = deleteIt;
    assert.equal((await here.move()).leftover, undefined);
    here.assertIn("encrypted-file");
  });
});

describe("moving a sign-in", () => {
  test("puts it in the new store and nowhere else, with all that is known of it", async () => {
    const here = scene();
    here.state.setIntent("default", "an intent");
    assert.deepEqual(await here.move(), { from: "keytar", to: "encrypted-file" });
    here.assertIn("encrypted-file");
    assert.equal(here.state.get("default")?.intent, "an intent");
  });

  test("to where it is changes nothing", async () => {
    const here = scene();
    assert.deepEqual(await here.move({ to: "keytar" }), { from: "keytar", to: "keytar" });
    here.assertIn("keytar");
  });
});

function scene() {
  const signedIn: Credential = credential({});
  const state = memoryState();
  const { account, region, expiresAt } = signedIn;
  state.put({ account, store: "keytar", region, expiresAt, generationId: generationId(signedIn) });
  const stores = {
    keytar: memoryStore(signedIn),
    "secret-service": memoryStore(),
    "encrypted-file": memoryStore(),
  };
  const steps = {
    account,
    to: "encrypted-file",
    durable: DURABLE,
    state,
    lock: <T>(_account: string, work: (held: AbortSignal) => Promise<T>) =>
      work(new AbortController().signal),
    open: (name: string) => stores[name as keyof typeof stores],
    prove: async () => {},
  };
  return {
    signedIn,
    state,
    stores,
    move: (changes: Partial<typeof steps> = {}) => moveSignIn({ ...steps, ...changes }),

    /** @returns whether the move came as far as that step */
    async moveAndDieBefore(step: number): Promise<boolean> {
      const death = Promise.withResolvers<true>();
      let taken = 0;
      const takeStep = (): Promise<void> | undefined => {
        if (++taken < step) return undefined;
        death.resolve(true);
        return new Promise<void>(() => {});
      };
      const dying = (store: MemoryStore): CredentialStore => ({
        async read(name) {
          await takeStep();
          return store.read(name);
        },
        async write(written) {
          await takeStep();
          return store.write(written);
        },
        async delete(name) {
          await takeStep();
          return store.delete(name);
        },
      });
      const dyingState: typeof state = {
        ...state,
        moveTo(name, store) {
          if (takeStep() === undefined) return state.moveTo(name, store);
          throw new AuthError("cancelled", { what: "The process died." });
        },
      };
      const open = (name: string) => dying(steps.open(name));
      const move = moveSignIn({ ...steps, state: dyingState, open });
      return Promise.race([move.then(() => false), death.promise]);
    },

    assertIn(name: keyof typeof stores): void {
      assert.equal(state.get(account)?.store, name);
      for (const [each, { item }] of Object.entries(stores)) {
        assert.equal(item && generationId(item), each === name ? generationId(signedIn) : undefined, each);
      }
    },
  };
}
