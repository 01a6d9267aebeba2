import childProcess, { type ChildProcess } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import { DatabaseSync, StatementSync } from "node:sqlite";

/** Where this process has come to. */
export interface Progress {
  /** Points passed so far. */
  passed: number;
  /** The last point. */
  point: string;
  /** Whether the token endpoint may have spent the refresh token, and the keychain has not the new one yet. */
  inWindow: boolean;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Calls `at` before and after every effect of this process: each keychain call, state change and network
 * exchange. It replaces Node's own functions, so the product's code runs as it is.
 */
export function watchEffects(at: (progress: Progress) => void): Progress {
  const progress: Progress = { passed: 0, point: "start", inWindow: false };
  const pass = (point: string) => {
    progress.passed++;
    progress.point = point;
    at(progress);
  };
  watchState(pass);
  watchNetwork(pass, progress);
  watchKeychain(pass, progress);
  return progress;
}

type Pass = (point: string) => void;

function around(owner: object, name: string, work: (original: Method) => Method): void {
  const methods = owner as Record<string, Method>;
  methods[name] = work(methods[name] as Method);
}

function watchState(pass: Pass): void {
  const watched =
    (name: (args: unknown[]) => string) =>
    (original: Method): Method =>
      function (...args) {
        pass(`state: before ${name(args)}`);
        const result = original.apply(this, args);
        pass(`state: after ${name(args)}`);
        return result;
      };
  const firstWords = ([sql]: unknown[]) => String(sql).trim().split(/\s+/).slice(0, 2).join(" ");
  around(DatabaseSync.prototype, "exec", watched(firstWords));
  around(
    StatementSync.prototype,
    "run",
    watched(() => "a change"),
  );
}

function watchNetwork(pass: Pass, progress: Progress): void {
  const paths = new WeakMap<Socket, string>();
  // Standard input and output of child processes are sockets as well.
  const isTcp = (socket: Socket) => socket.remotePort !== undefined;
  around(Socket.prototype, "connect", (original) => {
    return function (...args) {
      pass("network: before connecting");
      return original.apply(this, args);
    };
  });
  // All writes of a stream come through here, also those that were held back to be sent together.
  around(Socket.prototype, "_writeGeneric", (original) => {
    return function (...args) {
      const socket = this as Socket;
      if (!isTcp(socket)) return original.apply(this, args);
      const path = pathIn(args[1]) ?? paths.get(socket) ?? "more";
      paths.set(socket, path);
      pass(`network: before sending ${path}`);
      const result = original.apply(this, args);
      if (path.includes("/oauth2/token")) progress.inWindow = true;
      pass(`network: sent ${path}`);
      return result;
    };
  });
  around(Socket.prototype, "push", (original) => {
    return function (...args) {
      const socket = this as Socket;
      if (!isTcp(socket) || args[0] === null) return original.apply(this, args);
      pass(`network: answer to ${paths.get(socket)} arrived`);
      const result = original.apply(this, args);
      pass(`network: answer to ${paths.get(socket)} read`);
      return result;
    };
  });
}

/** The path in the first line of an HTTP request. */
function pathIn(data: unknown): string | undefined {
  const parts = Array.isArray(data) ? data : [{ chunk: data }];
  const text = parts.map(({ chunk }: { chunk: unknown }) => String(chunk)).join("");
  return /^[A-Z]+ (\S+) HTTP/.exec(text)?.[1];
}

function watchKeychain(pass: Pass, progress: Progress): void {
  around(childProcess, "spawn", (original) => {
    return function (...args) {
      pass("keychain: before the child starts");
      const child = original.apply(this, args) as ChildProcess;
      pass("keychain: child started");
      let operation = "";
      if (child.stdin) {
        around(child.stdin, "end", (end) => {
          return function (...data) {
            operation = String(JSON.parse(String(data[0])).operation);
            pass(`keychain: before asking to ${operation}`);
            const result = end.apply(this, data);
            pass(`keychain: asked to ${operation}`);
            return result;
          };
        });
      }
      if (child.stdout) {
        around(child.stdout, "push", (push) => {
          return function (...data) {
            if (data[0] === null) return push.apply(this, data);
            if (operation === "set") progress.inWindow = false;
            pass(`keychain: ${operation} done, not heard of`);
            const result = push.apply(this, data);
            pass(`keychain: ${operation} done`);
            return result;
          };
        });
      }
      return child;
    };
  });
  syncBuiltinESMExports();
}
