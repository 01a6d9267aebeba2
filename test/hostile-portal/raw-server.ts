import { type AddressInfo, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";

export interface RawRequest {
  readonly head: string;
  readonly form: URLSearchParams;
}

/** Writes whatever it likes to the socket, and need not end. */
export type Respond = (socket: Socket, request: RawRequest) => unknown;

/** A server that reads requests as HTTP and answers with raw bytes. */
export async function rawServer(t: TestContext, respond: Respond) {
  const sockets = new Set<Socket>();
  const requests: RawRequest[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The client hangs up on most of what is tried here.
    socket.on("error", () => {});
    let received = "";
    socket.on("data", (data) => {
      received += data;
      const end = received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = received.slice(0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      const request = { head, form: new URLSearchParams(received.slice(end + 4, end + 4 + length)) };
      received = received.slice(end + 4 + length);
      requests.push(request);
      respond(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export type Headers = Readonly<Record<string, string>>;

/** A complete answer of HTTP/1.1. */
export function answer(body: string | Buffer, headers: Headers = {}, status = "200 OK"): Buffer {
  const bytes = Buffer.from(body);
  const all = { "Content-Type": "application/json", "Content-Length": String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n`), bytes]);
}

/** Writes `piece` for ever: as fast as it is read, or every `everyMs`. */
export function endlessly(socket: Socket, piece: string | Buffer, everyMs?: number): void {
  if (everyMs !== undefined) {
    const timer = setInterval(() => socket.write(piece), everyMs);
    socket.on("close", () => clearInterval(timer));
    return;
  }
  const pump = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", pump);
  pump();
}
