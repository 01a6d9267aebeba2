import assert from "node:assert/strict";
import { test } from "node:test";
import { campaign } from "./campaign.ts";
import { summary } from "./summary.ts";

const skip = process.platform === "win32" && "the stand-in keychain is a shell script";

test("200 times, processes killed at every step of a refresh or sign-in lose no sign-in that could be kept", {
  skip,
}, async (t) => {
  const result = await campaign({ runs: 200, seed: 1 });
  for (const line of summary(result).split("\n")) t.diagnostic(line);
  assert.deepEqual(result.broken, []);
  for (const kind of ["keychain", "state", "network"]) {
    assert.ok([...result.kills.keys()].some((point) => point.startsWith(kind)));
  }
});
