import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createHttp } from "../../../src/http/http.ts";
import { authError } from "../../support/auth-error.ts";

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = createHttp({ env: {} });
const impatient = createHttp({ env: {}, deadlineMs: 300 });

test("nobody listens: unreachable, with the system's word for it", async (t) => {
  const url = await serve(t, () => {});
  const port = new URL(url).port;
  await assert.rejects(
    createHttp({ env: {} })(`http://127.0.0.2:${port}/`, {}),
    (error: Error) => authError("portal_unreachable")(error) && /ECONNREFUSED/.test(error.message),
  );
});

test("a server that accepts and says nothing ends at the deadline", async (t) => {
  const url = await serve(t, () => {});
  await assert.rejects(impatient(url, {}), authError("portal_timed_out"));
});

test("a server that stops in the middle of its answer ends at the deadline", async (t) => {
  const url = await serve(t, (_request, response) => void response.write("{"));
  await assert.rejects(impatient(url, {}), authError("portal_timed_out"));
});

test("a connection cut in the middle of an answer is unreachable", async (t) => {
  const url = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("{");
    setImmediate(() => response.destroy());
  });
  await assert.rejects(http(url, {}), authError("portal_unreachable"));
});

test("BP-07 a redirect is not followed, so nothing is sent on", async (t) => {
  let followed = false;
  const url = await serve(t, (request, response) => {
    followed ||= request.url === "/elsewhere";
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  await assert.rejects(http(url, { method: "POST", body: "secret" }), authError("portal_redirected"));
  assert.equal(followed, false);
});

test("an answer is read up to the cap and no further, also a compressed one", async (t) => {
  const huge = Buffer.alloc(5_000_000, "a");
  const plain = await serve(t, (_request, response) => void response.end(huge));
  const capped = createHttp({ env: {}, maxBytes: 100_000 });
  await assert.rejects(capped(plain, {}), authError("answer_too_large"));
  const bomb = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(huge));
  });
  await assert.rejects(capped(bomb, {}), authError("answer_too_large"));
});

test("giving up ends a request as cancelled", async (t) => {
  const controller = new AbortController();
  const url = await serve(t, () => controller.abort());
  await assert.rejects(http(url, { signal: controller.signal }), authError("cancelled"));
});

test("the environment's proxy is used, and NO_PROXY keeps a host out of it", async (t) => {
  const proxied: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    proxied.push(request.url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  t.after(() => proxy.close());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const target = await serve(t, (_request, response) => void response.end("direct"));

  const through = createHttp({ env: { HTTPS_PROXY: address } });
  await assert.rejects(through("https://account.minimax.io/x", {}), authError("portal_proxy_refused"));
  assert.deepEqual(proxied, ["account.minimax.io:443"]);

  const around = createHttp({ env: { http_proxy: address, no_proxy: "127.0.0.1" } });
  assert.equal(await (await around(target, {})).text(), "direct");
});
