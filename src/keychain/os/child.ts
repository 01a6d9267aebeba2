// The short-lived process around one call of a native binding. It may hang or crash: its parent kills it.
// stdin: one line, a ChildRequest. stdout: one line, a ChildAnswer. Nothing else is ever printed.
//
// It is started for every call, so it does what costs a new process least: built as CommonJS, it reads and
// writes with plain system calls (no streams), and loads the native binary itself rather than the package
// around it. Together that is about half of the time of a call.

import { readFileSync, realpathSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import type { ChildAnswer, ChildRequest } from "./protocol.ts";

interface Item {
  get(): Promise<string | null>;
  set(value: string): Promise<void>;
  delete(): Promise<boolean>;
}

type Keytar = Pick<typeof import("keytar"), "getPassword" | "setPassword" | "deletePassword">;
type Keyring = Pick<typeof import("@napi-rs/keyring"), "AsyncEntry">;

// By the script's own path, because the built file has no import.meta.
const load = createRequire(realpathSync(process.argv[1] ?? ""));
const PLATFORM = `${process.platform}-${process.arch}`;

// A stopping service manager signals every process of the group. A rotated token that is being written
// must still arrive; the deadline below bounds how long this takes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

const request = readRequest();
if (request === undefined) {
  answer({ ok: false, phase: "call", message: "The request could not be read." });
} else {
  // A binding that hangs makes process.exit() hang as well. After a pause of the process its answer may be
  // there and not read yet: one turn of the loop reads it.
  const end = () => process.kill(process.pid, "SIGKILL");
  setTimeout(() => setImmediate(end), request.deadlineMs).unref();
  void perform(request).then(answer);
}

function answer(result: ChildAnswer): void {
  let rest = Buffer.from(`${JSON.stringify(result)}\n`);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch {
    // The parent has gone.
  }
  process.exit(0);
}

// A JSON error would quote its input, which holds the value.
function readRequest(): ChildRequest | undefined {
  try {
    return JSON.parse(readFileSync(0, "utf8")) as ChildRequest;
  } catch {
    return undefined;
  }
}

async function perform(request: ChildRequest): Promise<ChildAnswer> {
  let item: Item;
  try {
    item = request.binding === "keytar" ? keytarItem(request) : keyringItem(request);
  } catch (error) {
    return { ok: false, phase: "load", message: messageOf(error) };
  }
  try {
    return await act(item, request);
  } catch (error) {
    return { ok: false, phase: "call", message: messageOf(error) };
  }
}

async function act(item: Item, { operation, value }: ChildRequest): Promise<ChildAnswer> {
  if (operation === "get") {
    const found = await item.get();
    return found === null ? { ok: true } : { ok: true, value: found };
  }
  if (operation === "delete") return { ok: true, deleted: await item.delete() };
  await item.set(value ?? "");
  return { ok: true };
}

function keytarItem({ service, account }: ChildRequest): Item {
  const keytar = loadKeytar();
  return {
    get: () => keytar.getPassword(service, account),
    set: (value) => keytar.setPassword(service, account, value),
    delete: () => keytar.deletePassword(service, account),
  };
}

function loadKeytar(): Keytar {
  try {
    return load(`keytar/prebuilds/${PLATFORM}/keytar.node`);
  } catch (reason) {
    try {
      return load("keytar");
    } catch {
      // The package swallows why its binary did not load, such as a libsecret-1.so.0 that is not installed.
      throw reason;
    }
  }
}

function keyringItem({ service, account }: ChildRequest): Item {
  const keyring = loadKeyring();
  // Without the pin it falls back, silently, to the kernel's keyring, which forgets.
  const pinned = { linux: { store: "secret-service" } } as const;
  // The store is opened by the constructor, whose failure is not one of loading: hence an entry per call.
  const entry = () => new keyring.AsyncEntry(service, account, pinned);
  return {
    get: async () => (await entry().getPassword()) ?? null,
    set: async (value) => entry().setPassword(value),
    delete: async () => entry().deleteCredential(),
  };
}

function loadKeyring(): Keyring {
  const path = load.resolve("@napi-rs/keyring");
  try {
    // Where the C library is glibc, as nearly everywhere. The package would first find out which it is.
    if (process.platform === "linux") return createRequire(path)(`@napi-rs/keyring-${PLATFORM}-gnu`);
  } catch {
    // The package knows the others.
  }
  return load(path);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The binding failed without a message.";
}
