import { connect as connectSocket, type Socket } from "node:net";
import { type Call, decodeMessage, encodeCall, type Message } from "./wire.ts";

export interface Connection {
  /** The answer's body. Rejects when the bus answers with an error, ends, or the signal aborts. */
  call(call: Call): Promise<Buffer>;
}

/**
 * Runs `work` with a connection to the bus at the socket `path` (a leading NUL: an abstract one), and
 * closes it. Rejects with the signal's reason as soon as that aborts.
 */
export async function withBus<T>(
  path: string,
  signal: AbortSignal,
  work: (bus: Connection) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const socket = connectSocket(path);
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const onAbort = () => ended.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  socket.on("error", ended.reject);
  socket.on("close", () => ended.reject(new Error("The bus closed the connection.")));
  try {
    return await Promise.race([authenticated(socket, ended.reject).then(work), ended.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    socket.destroy();
  }
}

/** The bus knows the user by the socket; the user id is sent only because the protocol wants it. */
async function authenticated(socket: Socket, fail: (error: unknown) => void): Promise<Connection> {
  const user = Buffer.from(String(process.geteuid?.() ?? 0)).toString("hex");
  socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
  const line = await new Promise<string>((resolve) => {
    socket.once("data", (data: Buffer) => resolve(data.toString("latin1")));
  });
  if (!/^OK [^\r\n]*\r\n$/.test(line)) throw new Error("The bus did not let us in.");
  socket.write("BEGIN\r\n");
  const connection = messages(socket, fail);
  const bus = "org.freedesktop.DBus";
  await connection.call({
    destination: bus,
    path: "/org/freedesktop/DBus",
    interface: bus,
    member: "Hello",
    args: [],
  });
  return connection;
}

function messages(socket: Socket, fail: (error: unknown) => void): Connection {
  const waiting = new Map<number, (message: Message) => void>();
  let unread = Buffer.alloc(0);
  let serial = 0;
  socket.on("data", (data: Buffer) => {
    unread = Buffer.concat([unread, data]);
    try {
      for (let message = decodeMessage(unread); message; message = decodeMessage(unread)) {
        unread = unread.subarray(message.bytes);
        waiting.get(message.replyTo ?? 0)?.(message);
      }
    } catch (error) {
      fail(error);
    }
  });
  return {
    async call(call) {
      const number = ++serial;
      const answer = new Promise<Message>((resolve) => waiting.set(number, resolve));
      socket.write(encodeCall(call, number));
      const { ok, body } = await answer;
      if (!ok) throw new Error(`${call.member} was refused.`);
      return body;
    },
  };
}
