import { spawnSync } from "node:child_process";
import { type CommandOptions, command, type Finished } from "../../../fixtures/openclaw/command.ts";
import { ADDRESSES } from "./hosts.ts";

/** Root first: then the user id stays what it is. */
const WAYS: readonly (readonly string[])[] = [
  ["--net", "--mount"],
  ["--user", "--map-root-user", "--net", "--mount"],
];
const SETUP = [
  "ip link set lo up",
  ...Object.values(ADDRESSES).map((address) => `ip address add ${address}/32 dev lo`),
  'mount --bind "$1" /etc/hosts',
  "shift",
  'exec "$@"',
].join(" && ");

const TOOLS: Readonly<Record<string, string>> = { unshare: "util-linux", ip: "iproute2", openssl: "openssl" };

/** A way into network and mount namespaces of one's own, or the reason why there is none. */
export type Way = { readonly flags: readonly string[] } | { readonly reason: string };

/** Tries the ways out, once. */
export function findWay(): Way {
  const lacking = Object.keys(TOOLS).filter((tool) => spawnSync(tool, ["--help"]).error !== undefined);
  if (lacking.length > 0) {
    return { reason: `needs: sudo apt-get install ${lacking.map((tool) => TOOLS[tool]).join(" ")}` };
  }
  let reason = "";
  for (const flags of WAYS) {
    const [file, args] = entering(flags, "/etc/hosts", ["true"]);
    const { status, stderr } = spawnSync(file, args, { encoding: "utf8" });
    if (status === 0) return { flags };
    reason = stderr.trim().replaceAll("\n", "; ");
  }
  return { reason: `namespaces are not allowed here: ${reason}` };
}

/** Runs a command where nothing is reachable but this machine, and `hosts` is /etc/hosts. */
export function runInside(
  flags: readonly string[],
  hosts: string,
  program: readonly string[],
  options: CommandOptions,
): Promise<Finished> {
  const [file, args] = entering(flags, hosts, program);
  return command(file, args, options);
}

function entering(
  flags: readonly string[],
  hosts: string,
  program: readonly string[],
): [file: string, args: string[]] {
  return ["unshare", [...flags, "sh", "-c", SETUP, "sh", hosts, ...program]];
}
