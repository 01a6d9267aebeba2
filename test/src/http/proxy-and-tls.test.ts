import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { createHttp } from "../../../src/http/http.ts";
import { authError } from "../../support/auth-error.ts";
import { type ConnectProxy, connectProxy } from "../../support/connect-proxy.ts";
import { type KeyPair, opensslMissing, type ThrowawayCa, throwawayCa } from "../../support/throwaway-ca.ts";

const HOST = "account.minimax.io";
const CHILD = new URL("./https-child.ts", import.meta.url).pathname;

describe("through proxies and with private certificates", { skip: opensslMissing() }, () => {
  let ca: ThrowawayCa;
  let good: KeyPair;
  before(() => {
    ca = throwawayCa();
    good = ca.issue(`DNS:${HOST}`);
  });
  after(() => ca.remove());

  /** An HTTPS server with this certificate; its port. */
  async function serve(t: TestContext, pair: KeyPair = good): Promise<number> {
    const server = createServer(pair, (_request, response) => void response.end("the real server"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  /** One request in a process of its own: Node reads NODE_EXTRA_CA_CERTS at its start. */
  async function ask(env: Record<string, string>, url = `https://${HOST}/`): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, url], {
      env: { PATH: process.env.PATH ?? "", NODE_EXTRA_CA_CERTS: ca.caFile, ...env },
    });
    return stdout.trim();
  }

  for (const variable of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]) {
    test(`${variable} is used, with TLS to the real server through the tunnel`, async (t) => {
      const proxy = await connectProxy(t, { leadsTo: await serve(t) });
      assert.equal(await ask({ [variable]: `http://${proxy.address}` }), "200 the real server");
      assert.deepEqual(proxy.targets, [`${HOST}:443`]);
    });
  }

  test("a proxy written without a scheme is an HTTP proxy", async (t) => {
    const proxy = await connectProxy(t, { leadsTo: await serve(t) });
    assert.equal(await ask({ HTTPS_PROXY: proxy.address }), "200 the real server");
  });

  test("a proxy that wants credentials gets those of its URL, percent-decoded", async (t) => {
    const proxy = await connectProxy(t, { leadsTo: await serve(t), credentials: "ann:p@ss:word" });
    const answer = await ask({ HTTPS_PROXY: `http://ann:p%40ss%3Aword@${proxy.address}` });
    assert.equal(answer, "200 the real server");
    assert.deepEqual(proxy.credentials, ["ann:p@ss:word"]);
  });

  const refusals: [string, (proxy: ConnectProxy) => string, object][] = [
    ["no credentials", ({ address }) => `http://${address}`, { credentials: "ann:secret" }],
    ["wrong credentials", ({ address }) => `http://ann:wrong-pw@${address}`, { credentials: "ann:secret" }],
    ["a host that is forbidden", ({ address }) => `http://${address}`, { refuseWith: 403 }],
    ["a host that the proxy cannot reach", ({ address }) => `http://${address}`, { refuseWith: 502 }],
  ];
  for (const [name, url, settings] of refusals) {
    test(`a proxy refuses ${name}: said so, without the password`, async (t) => {
      const proxy = await connectProxy(t, settings);
      const http = createHttp({ env: { HTTPS_PROXY: url(proxy) } });
      await assert.rejects(http(`https://${HOST}/`, {}), (error: Error) => {
        authError("portal_proxy_refused")(error);
        return /HTTP (407|403|502)/.test(error.message) && !error.message.includes("wrong-pw");
      });
      assert.equal(proxy.targets.length, 1);
    });
  }

  test("a proxy that says nothing ends at the deadline", async (t) => {
    const proxy = await connectProxy(t, { silent: true });
    const http = createHttp({ env: { HTTPS_PROXY: `http://${proxy.address}` }, deadlineMs: 300 });
    await assert.rejects(http(`https://${HOST}/`, {}), authError("portal_timed_out"));
  });

  test("a proxy that is not there is unreachable", async () => {
    const http = createHttp({ env: { HTTPS_PROXY: "http://127.0.0.1:1" } });
    await assert.rejects(http(`https://${HOST}/`, {}), authError("portal_unreachable"));
  });

  test("a proxy setting that is no URL is named, and its text is not repeated", async () => {
    for (const text of ["http://us%zz:hunter2@p:1", "ftp://hunter2", "http://hunter2:port:x"]) {
      const http = createHttp({ env: { HTTPS_PROXY: text } });
      await assert.rejects(http(`https://${HOST}/`, {}), (error: Error) => {
        authError("config_invalid")(error);
        return /HTTPS_PROXY/.test(error.message) && !/hunter2/.test(error.message);
      });
    }
  });

  for (const variable of ["NO_PROXY", "no_proxy"]) {
    test(`${variable} keeps a host out of the proxy`, async (t) => {
      const proxy = await connectProxy(t);
      // The name does not exist, so that the request cannot leave this machine; DNS is asked once for it.
      const once = { RES_OPTIONS: "timeout:1 attempts:1", LOCALDOMAIN: "" };
      const env = { ...once, HTTPS_PROXY: `http://${proxy.address}`, [variable]: "other.example,.invalid" };
      assert.match(await ask(env, "https://localtest.invalid/"), /portal_unreachable/);
      assert.deepEqual(proxy.targets, []);
    });
  }

  test("this machine is never asked through a proxy: plain HTTP to it would leave it", async (t) => {
    const proxy = await connectProxy(t);
    const http = createHttp({ env: { HTTP_PROXY: `http://${proxy.address}` } });
    await assert.rejects(http("http://127.0.0.1:1/", {}), authError("portal_unreachable"));
    assert.deepEqual(proxy.targets, []);
  });

  test("DF-02 plain HTTP to another machine is refused before anything is sent", async (t) => {
    const proxy = await connectProxy(t);
    const http = createHttp({ env: { HTTP_PROXY: `http://${proxy.address}` } });
    for (const url of ["http://account.minimax.io/", "http://127.0.0.1.evil.example/", "http://10.0.0.1/"]) {
      await assert.rejects(http(url, { method: "POST", body: "secret" }), authError("endpoint_rejected"));
    }
    assert.deepEqual(proxy.targets, []);
  });

  test("a private authority named in NODE_EXTRA_CA_CERTS is trusted", async (t) => {
    const port = await serve(t, ca.issue("IP:127.0.0.1"));
    assert.equal(await ask({}, `https://127.0.0.1:${port}/`), "200 the real server");
  });

  const wrong: [string, (ca: ThrowawayCa) => KeyPair, Record<string, string>][] = [
    ["an unknown authority", (ca) => ca.issue("IP:127.0.0.1"), { NODE_EXTRA_CA_CERTS: "" }],
    ["another host's name", (ca) => ca.issue(`DNS:${HOST}`), {}],
    ["an expired certificate", (ca) => ca.issue("IP:127.0.0.1", { expired: true }), {}],
    [
      "an unknown authority, and checks switched off in the environment",
      (ca) => ca.issue("IP:127.0.0.1"),
      { NODE_EXTRA_CA_CERTS: "", NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    ],
  ];
  for (const [name, issue, env] of wrong) {
    test(`DF-02 ${name}: a certificate error, and nothing is sent`, async (t) => {
      const port = await serve(t, issue(ca));
      assert.match(await ask(env, `https://127.0.0.1:${port}/`), /portal_certificate/);
    });
  }

  test("DF-02 a wrong certificate is seen through a proxy as well, also with the checks switched off", async (t) => {
    const proxy = await connectProxy(t, { leadsTo: await serve(t, ca.issue("DNS:evil.example")) });
    for (const off of ["1", "0"]) {
      const env = { HTTPS_PROXY: `http://${proxy.address}`, NODE_TLS_REJECT_UNAUTHORIZED: off };
      assert.match(await ask(env), /portal_certificate/);
    }
  });
});
