import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { TestContext } from "node:test";

export interface ProxySettings {
  /** `user:password`; anything else gets 407. */
  readonly credentials?: string;
  /** The status that every CONNECT is refused with. */
  readonly refuseWith?: number;
  /** Accept a CONNECT and never answer it. */
  readonly silent?: boolean;
  /** Where a tunnel leads, whatever host it was asked for. */
  readonly leadsTo?: number;
}

export interface ConnectProxy {
  /** `host:port` */
  readonly address: string;
  /** What was asked for: the CONNECT targets. */
  readonly targets: string[];
  /** The `proxy-authorization` headers, in clear. */
  readonly credentials: string[];
}

/** An HTTP proxy on loopback that tunnels with CONNECT (RFC 9110 §9.3.6), and nothing else. */
export async function connectProxy(t: TestContext, settings: ProxySettings = {}): Promise<ConnectProxy> {
  const { credentials, refuseWith, silent = false, leadsTo = 0 } = settings;
  const seen: Pick<ConnectProxy, "targets" | "credentials"> = { targets: [], credentials: [] };
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request, socket) => {
    socket.on("error", () => {});
    const given = request.headers["proxy-authorization"]?.replace("Basic ", "") ?? "";
    seen.targets.push(request.url ?? "");
    seen.credentials.push(Buffer.from(given, "base64").toString());
    if (silent) return;
    if (refuseWith !== undefined) return void socket.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
    if (credentials !== undefined && seen.credentials.at(-1) !== credentials) {
      return void socket.end('HTTP/1.1 407 No\r\nproxy-authenticate: Basic realm="p"\r\n\r\n');
    }
    const target = connect(leadsTo, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("close", () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, ...seen };
}
