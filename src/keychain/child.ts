// The short-lived process around one call of a native binding. It may hang or crash: its parent kills it.
// stdin: one line, a ChildRequest. stdout: one line, a ChildAnswer. Nothing else is ever printed.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import type { ChildAnswer, ChildRequest } from "./protocol.ts";

interface Item {
  get(): Promise<string | null>;
  set(value: string): Promise<void>;
  delete(): Promise<boolean>;
}

// A stopping service manager signals every process of the group. A rotated token that is being written
// must still arrive; the deadline below bounds how long this takes.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

const request = readRequest(await text(process.stdin));
if (request === undefined) {
  answer({ ok: false, phase: "call", message: "The request could not be read." });
} else {
  // A binding that hangs makes process.exit() hang as well.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), request.deadlineMs).unref();
  answer(await perform(request));
}

function answer(result: ChildAnswer): void {
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

// A JSON error would quote its input, which holds the value.
function readRequest(line: string): ChildRequest | undefined {
  try {
    return JSON.parse(line) as ChildRequest;
  } catch {
    return undefined;
  }
}

async function perform(request: ChildRequest): Promise<ChildAnswer> {
  let item: Item;
  try {
    item = request.binding === "keytar" ? await keytarItem(request) : await keyringItem(request);
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

async function keytarItem({ service, account }: ChildRequest): Promise<Item> {
  const { default: keytar } = await import("keytar").catch((error: unknown) => {
    throw reasonOfKeytar() ?? error;
  });
  return {
    get: () => keytar.getPassword(service, account),
    set: (value) => keytar.setPassword(service, account, value),
    delete: () => keytar.deletePassword(service, account),
  };
}

// keytar swallows why its binary did not load, for example a libsecret-1.so.0 that is not installed.
function reasonOfKeytar(): unknown {
  try {
    const folder = `${process.platform}-${process.arch}`;
    createRequire(import.meta.url)(`keytar/prebuilds/${folder}/keytar.node`);
  } catch (error) {
    return error;
  }
}

async function keyringItem({ service, account }: ChildRequest): Promise<Item> {
  const { default: keyring } = await import("@napi-rs/keyring");
  // Without the pin it falls back, silently, to the kernel's keyring, which forgets.
  const pinned = { linux: { store: "secret-service" } } as const;
  // The store is opened by the constructor, whose failure is not one of loading: hence an entry per call.
  const entry = () => new keyring.AsyncEntry(service, account, pinned);
  return {
    get: async () => entry().getPassword(),
    set: async (value) => entry().setPassword(value),
    delete: async () => entry().deleteCredential(),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The binding failed without a message.";
}
