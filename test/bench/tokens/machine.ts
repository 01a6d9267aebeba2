import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, release, totalmem, type } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Load average of the minute before the run: how busy others kept the machine. */
  readonly load: number;
}

export function thisMachine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.replace(/\s+/g, " ").trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${distribution() ?? `${type()} ${release()}`}, ${arch()}`,
    node: process.versions.node,
    load: loadavg()[0] ?? 0,
  };
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

export const describe = ({ cpu, cores, memoryGb, system, node, load }: Machine): string =>
  `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}, load average ${load.toFixed(1)} at the start`;
