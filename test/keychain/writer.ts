// One of the processes that write to the keychain at the same time:
// writer.ts <store> <name> <whether it replaces items, some of which the other process writes as well>

import assert from "node:assert/strict";
import { isAuthError } from "../../src/base/error.ts";
import { openKeychain, type StoreName } from "../../src/keychain/index.ts";
import { optionsFor } from "./real-service.ts";

const WRITES = 200;

const [, , store, name = "", replaces] = process.argv;
const keychain = openKeychain(
  store as StoreName,
  optionsFor({ env: process.env as Record<string, string>, directory: "" }),
);
const value = name.repeat(1000);
for (let round = 0; round < WRITES; round++) {
  const own = `writer-${name}-${replaces === "true" ? 0 : round}`;
  const account = replaces === "true" && round % 2 === 1 ? "writers" : own;
  await written(account);
  if (round % 10 !== 0) continue;
  assert.equal(await keychain.get(own), value);
  if (replaces === "true")
    assert.match((await keychain.get("writers")) ?? value, /^((one){1000}|(two){1000})$/);
}
console.log("done");

/** As a refresh does: a write without an answer is tried once more. KeePassXC 2.7.4 now and then gives none. */
async function written(account: string): Promise<void> {
  try {
    await keychain.set(account, value, { deadlineMs: 5_000 });
  } catch (error) {
    if (!isAuthError(error, "keychain_timed_out")) throw error;
    await keychain.set(account, value);
  }
}
