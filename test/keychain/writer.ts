// One of the processes that write to the keychain at the same time: writer.ts <store> <name>
import assert from "node:assert/strict";
import { openKeychain, type StoreName } from "../../src/keychain/index.ts";
import { optionsFor } from "./real-service.ts";

const [, , store, name = ""] = process.argv;
const keychain = openKeychain(
  store as StoreName,
  optionsFor({ env: process.env as Record<string, string>, directory: "" }),
);
const value = name.repeat(1000);
for (let round = 0; round < 3; round++) {
  await keychain.set(`writer-${name}`, value);
  await keychain.set("writers", value);
  assert.equal(await keychain.get(`writer-${name}`), value);
  assert.match((await keychain.get("writers")) ?? "", /^((one){1000}|(two){1000})$/);
}
console.log("done");
