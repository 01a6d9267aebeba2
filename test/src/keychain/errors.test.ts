import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SIGN_IN_COMMAND } from "../../../src/base/error.ts";
import { codeOfMessage, keychainError } from "../../../src/keychain/errors.ts";
import { childEnvironment } from "../../../src/keychain/os/run-child.ts";

// Word for word what keytar and @napi-rs/keyring said to gnome-keyring on Debian 12.
const MEASURED = [
  ["Cannot autolaunch D-Bus without X11 $DISPLAY", "keychain_unavailable"],
  ["Could not connect: No such file or directory", "keychain_unavailable"],
  ["The name org.freedesktop.secrets was not provided by any .service files", "keychain_unavailable"],
  [
    "Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time, set your DBUS_SESSION_BUS_ADDRESS instead",
    "keychain_unavailable",
  ],
  [
    "Platform failure: DBus error: Failed to connect to socket /x: No such file or directory",
    "keychain_unavailable",
  ],
  ["Cannot create an item in a locked collection", "keychain_locked"],
  ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", "keychain_locked"],
  ["Object does not exist at path “/org/freedesktop/secrets/collection/login”", "keychain_locked"],
  ["Couldn't access platform storage: Secret Service: no result found", "keychain_locked"],
  [
    "Platform failure: DBus error: Did not receive a reply. Possible causes include: the remote application did not send a reply, the message bus security policy blocked the reply, the reply timeout expired",
    "keychain_timed_out",
  ],
  ["Object does not exist at path “/org/freedesktop/secrets/collection/login/12”", "keychain_refused"],
  ["The stub received bad data.", "keychain_too_large"],
  ["Attribute 'password' is longer than the platform limit of 2560 chars", "keychain_too_large"],
  ["org.freedesktop.DBus.Error.LimitsExceeded: Message too long", "keychain_too_large"],
  ["something new", "keychain_refused"],
] as const;

describe("what a binding says", () => {
  for (const [message, code] of MEASURED) {
    test(`"${message.slice(0, 60)}" is ${code}`, () => assert.equal(codeOfMessage(message), code));
  }
});

describe("a keychain's error", () => {
  const failure = { store: "keytar", operation: "set", detail: "why" } as const;

  test("names what to install or choose on Linux, then the sign-in command", () => {
    const { message } = keychainError({ ...failure, code: "keychain_unavailable", platform: "linux" });
    assert.match(message, /sudo apt-get install gnome-keyring libsecret-1-0/);
    assert.match(message, /KeePassXC/);
    assert.match(
      message,
      /openclaw config set plugins\.entries\.minimax-keychain\.config\.tokenStore encrypted-file/,
    );
    assert.ok(message.endsWith(`${SIGN_IN_COMMAND} [keychain_unavailable]`));
  });

  test("does not speak of Debian packages on macOS and Windows", () => {
    for (const platform of ["darwin", "win32"] as const) {
      const { message } = keychainError({ ...failure, code: "keychain_unavailable", platform });
      assert.doesNotMatch(message, /apt-get/);
      assert.ok(message.includes(SIGN_IN_COMMAND));
    }
  });

  test("never calls a locked, silent or refusing keychain signed out", () => {
    for (const code of ["keychain_locked", "keychain_timed_out", "keychain_refused"] as const) {
      const { message } = keychainError({ ...failure, code });
      assert.ok(!message.includes(SIGN_IN_COMMAND));
      assert.match(message, /openclaw minimax-portal (status|move)/);
    }
  });
});

test("a child gets the variables a keychain needs, however they are written, and no others", () => {
  const needed = { Path: "p", SystemRoot: "s", HOME: "h", XDG_RUNTIME_DIR: "x", DISPLAY: ":0" };
  const others = {
    NODE_OPTIONS: "--require x",
    LD_PRELOAD: "x",
    G_MESSAGES_DEBUG: "all",
    MINIMAX_API_KEY: "k",
    LANG: "de_DE.UTF-8",
    LC_ALL: "de_DE.UTF-8",
  };
  const english = { LC_ALL: "C.UTF-8" };
  assert.deepEqual(childEnvironment({ ...needed, ...others }), { ...needed, ...english });
});
