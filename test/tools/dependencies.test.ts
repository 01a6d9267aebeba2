import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { matches } from "../../.tools/launch/dependencies.mjs";

const linux = { platform: "linux", arch: "x64" };
const wanted = {
  "": { version: "0.1.0" },
  "node_modules/zod": { version: "4.6.7", integrity: "sha512-a" },
  "node_modules/esbuild-linux": {
    version: "1.0.0",
    integrity: "sha512-b",
    optional: true,
    os: ["linux"],
    cpu: ["x64"],
  },
  "node_modules/esbuild-mac": { version: "1.0.0", integrity: "sha512-c", optional: true, os: ["darwin"] },
};
const installed = {
  "node_modules/zod": wanted["node_modules/zod"],
  "node_modules/esbuild-linux": wanted["node_modules/esbuild-linux"],
};

describe("packages are installed again", () => {
  test("when one is missing", () => {
    const { "node_modules/zod": _missing, ...rest } = installed;
    assert.equal(matches(wanted, rest, linux), false);
  });

  test("when the lock file asks for another version", () => {
    const old = { ...installed, "node_modules/zod": { version: "4.6.6", integrity: "sha512-a" } };
    assert.equal(matches(wanted, old, linux), false);
  });

  test("when the lock file asks for other contents", () => {
    const other = { ...installed, "node_modules/zod": { version: "4.6.7", integrity: "sha512-x" } };
    assert.equal(matches(wanted, other, linux), false);
  });

  test("when they were installed for another platform", () => {
    assert.equal(matches(wanted, installed, { platform: "darwin", arch: "x64" }), false);
    assert.equal(matches(wanted, installed, { platform: "linux", arch: "arm64" }), false);
  });
});

describe("packages are left as they are", () => {
  test("when npm's record names all that this platform needs", () => {
    assert.equal(matches(wanted, installed, linux), true);
  });

  test("when a package names only the platforms it is not for", () => {
    const posix = { version: "1.0.0", os: ["!win32"] };
    const both = [
      { ...wanted, "node_modules/posix": posix },
      { ...installed, "node_modules/posix": posix },
    ] as const;
    assert.equal(matches(...both, linux), true);
    assert.equal(matches(...both, { platform: "win32", arch: "x64" }), false);
  });
});
