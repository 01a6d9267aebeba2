import assert from "node:assert/strict";
import { test } from "node:test";
import { lastRegion } from "../../../extensions/minimax-keychain/sign-in/region.ts";
import type { AccountStatus } from "../../../src/index.ts";

const auth = (region: string | undefined) => ({
  accounts: async () => ["default"],
  status: async () => (region === undefined ? undefined : ({ region } as AccountStatus)),
});

test("where an account was not signed in before, nothing is taken for its endpoint", async () => {
  assert.equal(await lastRegion(auth("cn"), "work"), undefined);
  assert.equal(await lastRegion(auth(undefined), "default"), undefined);
  assert.equal(await lastRegion(auth("moon"), "default"), undefined);
  const broken = { ...auth("cn"), accounts: () => Promise.reject(new Error("no state")) };
  assert.equal(await lastRegion(broken, "default"), undefined);
});

test("a sign-in is renewed at its endpoint", async () => {
  assert.equal(await lastRegion(auth("cn"), "default"), "cn");
});
