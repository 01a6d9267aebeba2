import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import { systemClock } from "../../src/base/clock.ts";
import { createHttp } from "../../src/http/http.ts";
import { isAuthError, reveal, Secret } from "../../src/index.ts";
import { translateDialect } from "../../src/minimax/dialect/dialect.ts";
import { createOAuthClient } from "../../src/oauth/client.ts";
import { withoutLag } from "../support/without-lag.ts";
import { BEHAVIOURS, SECRET } from "./behaviours.ts";
import { answer, rawServer } from "./raw-server.ts";

/** For what is to run into the deadline; the rest must not, on a machine that does much else as well. */
const SHORT_MS = 1_000;
const LONG_MS = 15_000;
/** For whatever answer there is, less what this process was kept waiting. */
const ENDS_WITHIN_MS = 2_000;

/** The product's own client of a portal at `url`. */
function clientOf(url: string, deadlineMs = LONG_MS) {
  const http = createHttp({ env: {}, deadlineMs });
  return createOAuthClient({
    clock: systemClock,
    http: translateDialect(http, { clock: systemClock, configuredOrigins: [url], requestId: randomUUID }),
    server: {
      issuer: url,
      deviceAuthorizationEndpoint: `${url}/oauth2/device/code`,
      tokenEndpoint: `${url}/oauth2/token`,
      clientId: "c",
      scope: "a",
    },
  });
}

test("there are at least 40 behaviours, each with a name of its own", (t) => {
  const names = new Set(BEHAVIOURS.map(([name]) => name));
  t.diagnostic(`hostile portal: ${names.size} behaviours`);
  assert.ok(names.size >= 40 && names.size === BEHAVIOURS.length);
});

for (const [name, at, respond, outcome] of BEHAVIOURS) {
  test(`a portal with ${name}: ${outcome}`, async (t) => {
    const { url } = await rawServer(t, respond);
    const oauth = clientOf(url, outcome === "portal_timed_out" ? SHORT_MS : LONG_MS);
    let error: unknown;
    const took = await withoutLag(async () => {
      const done = at === "device" ? oauth.authorizeDevice() : oauth.refresh(new Secret(`${SECRET}-1`));
      error = await done.then(
        () => undefined,
        (reason) => reason,
      );
    });
    assert.ok(took < ENDS_WITHIN_MS, `took ${took} ms`);
    assert.equal((Object.prototype as { polluted?: true }).polluted, undefined);
    if (outcome === "success") return assert.equal(error, undefined, inspect(error));
    assert.ok(isAuthError(error, outcome), inspect(error));
    assert.doesNotMatch(error.message, /[\p{Cc}\p{Cf}]/u);
    assert.ok(!inspect(error, { depth: 9 }).includes(SECRET));
  });
}

test("a second answer that nobody asked for is never taken for the next one", async (t) => {
  const tokens = (text: string) =>
    answer(JSON.stringify({ status: "success", access_token: text, refresh_token: "r", expired_in: 3600 }));
  let count = 0;
  const { url } = await rawServer(t, (socket) => {
    count++;
    socket.write(count === 1 ? Buffer.concat([tokens("first"), tokens("smuggled")]) : tokens("second"));
  });
  const oauth = clientOf(url);
  const seen: string[] = [];
  for (let i = 0; i < 2; i++) {
    const { accessToken } = await oauth.refresh(new Secret("r"));
    seen.push(reveal(accessToken));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(seen, ["first", "second"]);
});

test("a cookie that the portal sets never comes back to it", async (t) => {
  const body = JSON.stringify({ status: "success", access_token: "a", refresh_token: "r", expired_in: 3600 });
  const { url, requests } = await rawServer(t, (socket) => {
    socket.write(answer(body, { "Set-Cookie": "tracker=1; Path=/" }));
  });
  const oauth = clientOf(url);
  await oauth.refresh(new Secret("r"));
  await oauth.refresh(new Secret("r"));
  assert.equal(requests.length, 2);
  for (const { head } of requests) assert.doesNotMatch(head, /cookie/i);
});
