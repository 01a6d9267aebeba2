import assert from "node:assert/strict";
import { test } from "node:test";
import type { CoreProfile } from "../../../extensions/minimax-keychain/config/core-profiles.ts";
import { oldLoginNote } from "../../../extensions/minimax-keychain/sign-in/after-sign-in.ts";

const profile = (provider: string, type: string): CoreProfile => ({
  profileId: `${provider}:default`,
  agentDir: undefined,
  provider,
  type,
  credential: {},
});

test("a store of OpenClaw's that cannot be read costs no sign-in", async () => {
  assert.deepEqual(await oldLoginNote({}, () => Promise.reject(new Error("busy"))), []);
});

test("other logins and keys are none of ours", async () => {
  const others = [profile("openai", "oauth"), profile("minimax-portal", "api_key")];
  assert.deepEqual(await oldLoginNote({}, async () => others), []);
});

test("a login that the bundled plugin left in plain text is named after a sign-in, with how to delete it", async () => {
  const [note] = await oldLoginNote({}, async () => [profile("minimax-portal", "oauth")]);
  assert.match(note ?? "", /plain text.*openclaw minimax-portal import --from openclaw --discard/);
});
