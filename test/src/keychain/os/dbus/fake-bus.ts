import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type Cleaning, temporaryDirectory } from "../fake-child.ts";

/** What the bus does with the calls that follow Hello: the answers in their order, then silence. */
export interface Script {
  readonly letsIn?: boolean;
  readonly answers: readonly (Buffer | "error" | "garbage" | "end")[];
  /** Sends its answers byte by byte. */
  readonly slow?: boolean;
}

/** A session bus that answers as told. @returns the environment in which it is found */
export async function fakeBus(t: Cleaning, script: Script): Promise<NodeJS.ProcessEnv> {
  const path = join(await temporaryDirectory(t), "bus");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket, script);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path},guid=0123` };
}

function serve(socket: Socket, { letsIn = true, answers, slow = false }: Script): void {
  const left = ["hello" as const, ...answers];
  socket.on("data", (data) => {
    const text = data.toString("latin1");
    if (text.startsWith("\0AUTH")) socket.write(letsIn ? "OK 0123\r\n" : "REJECTED\r\n");
    // Each call arrives in one piece, the first behind BEGIN.
    const call = data.subarray(text.startsWith("BEGIN") ? 7 : 0);
    if (call[0] !== "l".charCodeAt(0)) return;
    const answer = left.shift();
    if (answer === undefined) return;
    if (answer === "end") return void socket.end();
    const bytes = messageOf(answer, call.readUInt32LE(8));
    if (slow) for (const byte of bytes) socket.write(Buffer.from([byte]));
    else socket.write(bytes);
  });
}

function messageOf(answer: Exclude<Script["answers"][number], "end"> | "hello", serial: number): Buffer {
  if (answer === "garbage") return Buffer.alloc(64, "x");
  // A signal comes first, as from a real bus, which says that the name was acquired.
  if (answer === "hello") return Buffer.concat([message(4, 0, Buffer.alloc(0)), reply(serial)]);
  return answer === "error" ? message(3, serial, Buffer.alloc(0)) : reply(serial, answer);
}

const reply = (serial: number, body: Buffer = Buffer.alloc(0)) => message(2, serial, body);

function message(type: number, replyTo: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write("l", 0, "latin1");
  bytes.set([type, 0, 1], 1);
  bytes.writeUInt32LE(body.length, 4);
  bytes.writeUInt32LE(1, 8);
  // Two fields: the sender ":1.1" (7, a string), then the serial number of the call (5).
  bytes.writeUInt32LE(24, 12);
  bytes.set([7, 1, "s".charCodeAt(0), 0, 4, 0, 0, 0], 16);
  bytes.write(":1.1", 24, "latin1");
  bytes.set([5, 1, "u".charCodeAt(0), 0], 32);
  bytes.writeUInt32LE(replyTo, 36);
  return Buffer.concat([bytes, body]);
}

export function objectPath(path: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(path.length);
  return Buffer.concat([head, Buffer.from(`${path}\0`)]);
}

export function booleanVariant(value: boolean): Buffer {
  return Buffer.from([1, "b".charCodeAt(0), 0, 0, value ? 1 : 0, 0, 0, 0]);
}
