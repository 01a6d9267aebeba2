import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { busSocket, isKeyringLocked } from "../../../../../src/keychain/os/dbus/locked.ts";
import { booleanVariant, fakeBus, objectPath, type Script } from "./fake-bus.ts";

const KEYRING = objectPath("/org/freedesktop/secrets/collection/login");
const isLocked = (env: NodeJS.ProcessEnv, withinMs = 10_000) =>
  isKeyringLocked(env, AbortSignal.timeout(withinMs), "linux");

describe("whether the keyring is locked", () => {
  const unknown: Record<string, Script> = {
    "the bus lets nobody in": { letsIn: false, answers: [] },
    "the Secret Service does not run": { answers: ["error"] },
    "there is no default keyring": { answers: [objectPath("/")] },
    "the keyring does not say": { answers: [KEYRING, "error"] },
    "the keyring answers something else": { answers: [KEYRING, objectPath("/")] },
    "an answer is no D-Bus message": { answers: ["garbage"] },
    "an answer is shorter than it says": { answers: [Buffer.from([255, 0, 0, 0])] },
    "an answer is empty": { answers: [Buffer.alloc(0)] },
    "the bus ends in between": { answers: [KEYRING, "end"] },
  };
  for (const [situation, script] of Object.entries(unknown)) {
    test(`is not known when ${situation}`, async (t) => {
      assert.equal(await isLocked(await fakeBus(t, script)), undefined);
    });
  }

  test("is not known when nobody answers before the signal, which ends the wait", async (t) => {
    assert.equal(await isLocked(await fakeBus(t, { answers: [] }), 50), undefined);
  });

  test("is not known without a bus, on a dead one, and on other systems", async (t) => {
    const env = await fakeBus(t, { answers: [KEYRING, booleanVariant(true)] });
    assert.equal(await isLocked({}), undefined);
    assert.equal(await isLocked({ DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent/bus" }), undefined);
    for (const platform of ["darwin", "win32"] as const) {
      assert.equal(await isKeyringLocked(env, AbortSignal.timeout(10_000), platform), undefined);
    }
  });

  for (const [name, locked] of [
    ["locked", true],
    ["unlocked", false],
  ] as const) {
    test(`is known when it is ${name}, in whatever pieces the answers arrive`, async (t) => {
      for (const slow of [false, true]) {
        const env = await fakeBus(t, { answers: [KEYRING, booleanVariant(locked)], slow });
        assert.equal(await isLocked(env), locked);
      }
    });
  }
});

describe("the session bus", () => {
  const cases: [env: NodeJS.ProcessEnv, socket: string | undefined][] = [
    [{}, undefined],
    [{ DBUS_SESSION_BUS_ADDRESS: "tcp:host=localhost,port=1" }, undefined],
    [{ DBUS_SESSION_BUS_ADDRESS: "autolaunch:", XDG_RUNTIME_DIR: "/run/user/1" }, undefined],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:path=%zz" }, undefined],
    [{ DBUS_SESSION_BUS_ADDRESS: "", XDG_RUNTIME_DIR: "/run/user/1" }, "/run/user/1/bus"],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/user/1/bus" }, "/run/user/1/bus"],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:guid=01,path=/a%20b,x=y" }, "/a b"],
    [{ DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/tmp/dbus-X,guid=01" }, "\0/tmp/dbus-X"],
    [{ DBUS_SESSION_BUS_ADDRESS: "tcp:host=h;unix:path=/second" }, "/second"],
  ];
  for (const [env, socket] of cases) {
    test(`of ${JSON.stringify(env)} is ${JSON.stringify(socket)}`, () => {
      assert.equal(busSocket(env), socket);
    });
  }
});
