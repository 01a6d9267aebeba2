import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createApiKeys } from "../../../src/api-key/api-key.ts";
import { missingOf, writeKeyCommand } from "../../../src/api-key/command.ts";
import { reveal, Secret } from "../../../src/base/secret.ts";
import { authError } from "../../support/auth-error.ts";

const KEY = "sk-api-0123456789abcdef";

function scene(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "api-key-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const keys = createApiKeys({
    keychainChild: "unused",
    stateDirectory: join(directory, "state"),
    env: { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "a passphrase for a test" },
    tokenStore: "encrypted-file",
  });
  return { directory, keys };
}

test("what is no key is refused before anything is stored", async (t) => {
  const { keys } = scene(t);
  for (const text of ["", "   ", "two words", "short", "line\nline", `sk-${"x".repeat(5000)}`]) {
    await assert.rejects(keys.save(new Secret(text)), authError("usage_wrong"));
  }
  assert.equal(await keys.storedIn(), undefined);
  assert.equal(await keys.read(), undefined);
  assert.equal(await keys.remove(), false);
});

test("a key is stored without the line end of its paste, read, replaced and deleted", async (t) => {
  const { keys } = scene(t);
  assert.equal(await keys.save(new Secret(`${KEY}\n`)), "encrypted-file");
  assert.equal(reveal((await keys.read()) ?? assert.fail()), KEY);
  await keys.save(new Secret(`${KEY}2`));
  assert.equal(reveal((await keys.read()) ?? assert.fail()), `${KEY}2`);
  assert.equal(await keys.remove(), true);
  assert.equal(await keys.read(), undefined);
  assert.equal(await keys.storedIn(), undefined);
});

test("no file holds it in clear", async (t) => {
  const { keys, directory } = scene(t);
  await keys.save(new Secret(KEY));
  for (const name of readdirSync(join(directory, "state"))) {
    assert.ok(!readFileSync(join(directory, "state", name)).includes(KEY), name);
  }
});

test("the command for the host is the person's own, and runs the resolver whatever the paths are", {
  skip: process.platform === "win32" && "the host runs node itself there",
}, async (t) => {
  const { directory } = scene(t);
  const resolver = join(directory, "it's a resolver.cjs");
  writeFileSync(resolver, "process.stdout.write('resolved')");
  const path = await writeKeyCommand(join(directory, "new folder"), { node: process.execPath, resolver });
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(execFileSync(path, { encoding: "utf8", env: {} }), "resolved");
});

test("of a command whose Node went with an upgrade, that Node is named", {
  skip: process.platform === "win32" && "the host runs node itself there",
}, async (t) => {
  const { directory } = scene(t);
  const resolver = join(directory, "it's a resolver.cjs");
  const node = join(directory, "node 24");
  for (const file of [resolver, node]) writeFileSync(file, "");
  const command = await writeKeyCommand(directory, { node, resolver });
  const missing = () => missingOf({ command, args: [] });
  assert.equal(await missing(), undefined);
  rmSync(resolver);
  assert.equal(await missing(), resolver);
  rmSync(node);
  assert.equal(await missing(), node);
  rmSync(command);
  assert.equal(await missing(), command);
});

test("where the host runs Node itself, Node and the resolver are looked for", async (t) => {
  const { directory } = scene(t);
  const resolver = join(directory, "resolver.cjs");
  const missing = () => missingOf({ command: process.execPath, args: [resolver] });
  assert.equal(await missing(), resolver);
  writeFileSync(resolver, "");
  assert.equal(await missing(), undefined);
});
