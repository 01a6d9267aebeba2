import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { Secret } from "../../../src/base/secret.ts";
import { createHttp } from "../../../src/http/http.ts";
import type { DeviceAuthorization } from "../../../src/oauth/answers.ts";
import { createOAuthClient } from "../../../src/oauth/client.ts";
import { authError } from "../../support/auth-error.ts";
import { until } from "../../support/until.ts";
import { withoutLag } from "../../support/without-lag.ts";

/** A client of a server that never answers; both with the real clock. */
async function silence(t: TestContext) {
  let requests = 0;
  const server = createServer(() => void requests++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oauth = createOAuthClient({
    clock: systemClock,
    http: createHttp({ env: {} }),
    server: {
      issuer: url,
      deviceAuthorizationEndpoint: `${url}/device`,
      tokenEndpoint: `${url}/token`,
      clientId: "c",
      scope: "a",
    },
  });
  const sockets = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  return { oauth, sockets, requests: () => requests };
}

const authorization = (intervalMs: number): DeviceAuthorization => ({
  userCode: "U",
  verificationUri: "https://as.example",
  expiresAt: Date.now() + 600_000,
  intervalMs,
  deviceCode: new Secret("d"),
  codeVerifier: new Secret("v"),
});

/** How long the abort takes to end `work`, in ms. */
async function abortTime(work: (signal: AbortSignal) => Promise<unknown>, ready: () => boolean) {
  const controller = new AbortController();
  const ended = assert.rejects(work(controller.signal), authError("cancelled"));
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 5));
  const start = performance.now();
  controller.abort(new Error("a reason of the host's own"));
  await ended;
  return performance.now() - start;
}

test("DF-23 giving up between two polls ends the sign-in in under 100 ms, and no poll follows", async (t) => {
  const { oauth, requests } = await silence(t);
  let waiting = false;
  const onWait = () => {
    waiting = true;
  };
  const wait = (signal: AbortSignal) => oauth.waitForTokens(authorization(200), { signal, onWait });
  assert.ok((await abortTime(wait, () => waiting)) < 100);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(requests(), 0);
});

test("DF-23 giving up while the server is silent ends request and connection in under 100 ms", async (t) => {
  for (const step of ["device", "poll"] as const) {
    const { oauth, requests, sockets } = await silence(t);
    const work = (signal: AbortSignal) =>
      step === "device" ? oauth.authorizeDevice(signal) : oauth.waitForTokens(authorization(1), { signal });
    assert.ok((await abortTime(work, () => requests() === 1)) < 100, step);
    const open = await withoutLag(() => until(async () => (await sockets()) === 0, "the connection stayed"));
    assert.ok(open < 50, `${step}: the connection stayed for ${open} ms`);
    assert.equal(requests(), 1, step);
  }
});
