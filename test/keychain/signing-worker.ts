// Signs in and refreshes until it is killed: signing-worker.ts <origin of the portal> <state directory>
// stdout: a line for each sign-in and each refresh.

import { join } from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { createAuth, reveal } from "../../src/index.ts";
import { CHILD_PATH } from "./real-service.ts";

const REFRESHES = 2;
const TEN_MINUTES_MS = 10 * 60_000;
let ahead = 0;

const [, , origin = "", stateDirectory = ""] = process.argv;
const auth = createAuth({
  keychainChild: CHILD_PATH,
  stateDirectory: join(stateDirectory),
  env: process.env,
  endpoints: { global: { authorization: origin, inference: `${origin}/anthropic` } },
  // The portal approves at once: there is nothing to wait for between two questions.
  clock: {
    ...systemClock,
    now: () => Date.now() + ahead,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  },
});
for (;;) {
  ahead = 0;
  await auth.signIn({ account: "default", region: "global", onWait: () => {}, show: async () => {} });
  console.log("signed in");
  for (let refresh = 0; refresh < REFRESHES; refresh++) {
    const { accessToken } = await auth.token("default");
    auth.rejected("default", reveal(accessToken));
    await auth.token("default");
    console.log("refreshed");
    // A second refusal soon after a refresh would be final.
    ahead += TEN_MINUTES_MS;
  }
}
