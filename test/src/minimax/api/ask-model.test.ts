import assert from "node:assert/strict";
import { test } from "node:test";
import { portalScene } from "../../../support/portal-scene.ts";

test("a model is asked for one token: whether the plan includes it", async (t) => {
  const { auth, portal, signIn } = await portalScene(t, { planModels: ["MiniMax-M3"] });
  await signIn();
  assert.equal((await auth.askModel("default", "MiniMax-M3")).status, 200);
  const refused = await auth.askModel("default", "MiniMax-M2.7");
  assert.deepEqual(refused, { status: 500, meaning: "model_not_in_plan" });
  const asked = portal.record.requests.filter(({ path }) => path === "/anthropic/v1/messages");
  assert.deepEqual(
    asked.map(({ token }) => token?.via !== "x-api-key" && token?.state),
    ["live", "live"],
  );
});
