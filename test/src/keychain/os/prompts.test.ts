import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { openKeychain } from "../../../../src/keychain/index.ts";
import { booleanVariant, fakeBus, objectPath } from "./dbus/fake-bus.ts";
import { fakeChild, HANGS } from "./fake-child.ts";

const KEYRING = objectPath("/org/freedesktop/secrets/collection/login");
const PROMPTS = `if (request.account !== "given") { ${HANGS} } else answer({ ok: true, value: "v" });`;

describe("a locked keyring", () => {
  test("is what a call that ran out of time says, when the keyring still tells so", async (t) => {
    const { keychain } = await scene(t, PROMPTS, true);
    await assert.rejects(keychain.get("default", { deadlineMs: 150 }), {
      code: "keychain_locked",
      message: /nobody answered its prompt/,
    });
  });

  test("gets no second prompt out of one process", async (t) => {
    const { keychain, started } = await scene(t, PROMPTS, true);
    await assert.rejects(keychain.get("default", { deadlineMs: 150 }), { code: "keychain_locked" });
    for (let call = 0; call < 5; call++) {
      await assert.rejects(keychain.get("default"), { code: "keychain_locked" });
    }
    assert.equal(started.length, 1);
  });

  test("may ask again where a person is there to answer", async (t) => {
    const { keychain, started } = await scene(t, PROMPTS, true);
    await assert.rejects(keychain.get("default", { deadlineMs: 150 }), { code: "keychain_locked" });
    assert.equal(await keychain.get("given", { attended: true }), "v");
    assert.equal(started.length, 2);
  });

  test("is not mistaken for an empty one, though keytar calls it so", async (t) => {
    const { keychain } = await scene(t, "answer({ ok: true, deleted: false });", true);
    await assert.rejects(keychain.get("default"), { code: "keychain_locked", message: /calls it empty/ });
  });

  test("is asked as before once it is unlocked", async (t) => {
    const { keychain, unlock } = await scene(t, PROMPTS, true);
    await assert.rejects(keychain.get("default", { deadlineMs: 150 }), { code: "keychain_locked" });
    unlock();
    assert.equal(await keychain.get("given"), "v");
  });
});

describe("an unlocked keyring", () => {
  test("is not called locked when a call runs out of time", async (t) => {
    const { keychain } = await scene(t, PROMPTS, false);
    await assert.rejects(keychain.get("default", { deadlineMs: 150 }), { code: "keychain_timed_out" });
  });

  test("is empty when keytar calls it so", async (t) => {
    const { keychain } = await scene(t, "answer({ ok: true, deleted: false });", false);
    assert.equal(await keychain.get("default"), undefined);
    assert.equal(await keychain.delete("default"), false);
  });
});

async function scene(t: TestContext, script: string, locked: boolean) {
  const child = await fakeChild(t, script);
  const answers = [KEYRING, booleanVariant(locked)];
  const options = {
    ...child.options,
    platform: "linux" as const,
    env: { ...child.options.env, ...(await fakeBus(t, { answers })) },
  };
  return {
    keychain: openKeychain("keytar", options),
    started: child.started,
    unlock() {
      answers[1] = booleanVariant(false);
    },
  };
}
