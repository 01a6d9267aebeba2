import { type Connection, withBus } from "./connection.ts";
import { readBooleanVariant, readString } from "./wire.ts";

const SERVICE = "org.freedesktop.secrets";
const SERVICE_PATH = "/org/freedesktop/secrets";
const COLLECTION = "org.freedesktop.Secret.Collection";

/**
 * Whether the Secret Service's default keyring is locked; undefined where that cannot be learnt: another
 * system, no bus, no service, no keyring, or no answer before `signal` aborts. Never rejects.
 *
 * It asks the service over D-Bus itself, because the bindings cannot be asked: whatever they do with a
 * locked keyring shows a person a prompt, and keytar calls it empty. This shows nothing, starts no
 * program, takes about 3 ms and cannot block, so it needs no child process.
 */
export async function isKeyringLocked(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  platform = process.platform,
): Promise<boolean | undefined> {
  const socket = platform === "linux" ? busSocket(env) : undefined;
  if (socket === undefined) return undefined;
  try {
    return await withBus(socket, signal, askDefaultKeyring);
  } catch {
    return undefined;
  }
}

async function askDefaultKeyring(bus: Connection): Promise<boolean | undefined> {
  const path = readString(
    await bus.call({
      destination: SERVICE,
      path: SERVICE_PATH,
      interface: "org.freedesktop.Secret.Service",
      member: "ReadAlias",
      args: ["default"],
    }),
  );
  if (path === "/") return undefined;
  return readBooleanVariant(
    await bus.call({
      destination: SERVICE,
      path,
      interface: "org.freedesktop.DBus.Properties",
      member: "Get",
      args: [COLLECTION, "Locked"],
    }),
  );
}

/** The session bus's Unix socket, as `net.connect` takes it; undefined if there is none. */
export function busSocket(env: NodeJS.ProcessEnv): string | undefined {
  for (const address of (env.DBUS_SESSION_BUS_ADDRESS ?? "").split(";")) {
    const [, kind, value] = /^unix:(?:.*,)?(path|abstract)=([^,]*)/.exec(address) ?? [];
    if (kind === undefined || value === undefined) continue;
    const path = decode(value);
    if (path !== undefined) return kind === "abstract" ? `\0${path}` : path;
  }
  if (env.DBUS_SESSION_BUS_ADDRESS || !env.XDG_RUNTIME_DIR) return undefined;
  return `${env.XDG_RUNTIME_DIR}/bus`;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
