import assert from "node:assert/strict";
import { test } from "node:test";
import { agentOption } from "../../../extensions/minimax-keychain/config/core-profiles.ts";

const config = (entries: object) => ({ agents: { entries } }) as never;

test("of several agents the command names the one whose store it is", () => {
  const several = config({ main: {}, work: {}, far: { agentDir: "/elsewhere" } });
  assert.equal(agentOption(several, undefined), " --agent main");
  assert.equal(agentOption(several, "/home/me/.openclaw/agents/work/agent"), " --agent work");
  assert.equal(agentOption(several, "/elsewhere"), " --agent far");
});

test("of one agent or none OpenClaw knows it by itself", () => {
  assert.equal(agentOption(config({ main: {} }), undefined), "");
  assert.equal(agentOption({}, undefined), "");
});
