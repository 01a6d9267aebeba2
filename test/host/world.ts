import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CommandOptions, Finished } from "../../fixtures/openclaw/command.ts";
import type { Gateway } from "../../fixtures/openclaw/gateway.ts";
import { openTerminal, type Terminal } from "../../fixtures/openclaw/terminal.ts";
import { createHost, type Host, ONBOARD_FLAGS } from "../../fixtures/openclaw/throwaway.ts";
import { type Portal, type PortalSettings, startPortal } from "../../fixtures/portal/index.ts";
import { secretTool } from "../../fixtures/secret-service/secret-tool.ts";
import { type SecretService, startSecretService } from "../../fixtures/secret-service/start.ts";
import { NEEDS_SERVICE } from "../support/needs-secret-service.ts";
import { install, installByCopy } from "./installed.ts";

/** A turn in a process of its own, which OpenClaw allows beside a gateway. */
export const INFER = [
  "infer",
  "model",
  "run",
  "--local",
  "--model",
  "minimax-portal/MiniMax-M3",
  "--prompt",
  "hi",
];

/** Options of a suite in the real OpenClaw. The time limit is for a host that hangs. */
export const IN_A_WORLD = { ...NEEDS_SERVICE, timeout: 20 * 60_000 };

/** For one command, on a machine that does much else at the same time. */
const COMMAND_TIMEOUT = { timeoutMs: 300_000 };

/** A real OpenClaw with the plugin installed, a real keyring, and the stand-in portal. */
export interface World {
  readonly host: Host;
  readonly portal: Portal;
  readonly secrets: SecretService;
  /** Runs `openclaw`. What it prints, here and below, is kept for the leak scan. */
  openclaw(args: readonly string[], options?: Partial<CommandOptions>): Promise<Finished>;
  /** Signs in without questions. */
  onboard(more?: readonly string[], options?: Partial<CommandOptions>): Promise<Finished>;
  /** Onboarding as a person starts it. */
  onboardInTerminal(): Terminal;
  /** Any command as a person starts it. */
  openTerminal(command: readonly string[]): Terminal;
  startGateway(): Promise<Gateway>;
  /** One turn through a gateway: what it answered. */
  ask(gateway: Gateway): Promise<string>;
  /** Runs `openclaw` as the gateway's client. */
  through(gateway: Gateway, args: readonly string[]): Promise<Finished>;
  /** Something else that was printed, for the leak scan. */
  heard(text: string): void;
  /** The config file's text. */
  config(): string;
  /** The accounts that have an item of ours in the keychain. */
  accountsInKeychain(): Promise<string[]>;
  /** Everything printed so far. */
  printed(): string;
  /** A second OpenClaw of the same person: a state directory and config of its own, all else is shared. */
  another(): Promise<World>;
  end(): Promise<void>;
}

const NON_INTERACTIVE = [
  ...["onboard", "--non-interactive", ...ONBOARD_FLAGS, "--auth-choice", "minimax-portal"],
  // Written into the config; no gateway is started.
  ...["--gateway-port", "39558", "--gateway-auth", "token", "--gateway-token", "throwaway"],
];

export interface WorldOptions {
  /** Whether agents have OpenClaw's memory. It costs a turn seconds and changes nothing of it. */
  readonly memory?: boolean;
}

export async function startWorld(
  settings: Partial<PortalSettings> = {},
  { memory = false }: WorldOptions = {},
): Promise<World> {
  const cleanUp: (() => unknown)[] = [];
  const end = async () => {
    const failures: unknown[] = [];
    for (const step of cleanUp.splice(0).toReversed()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "the world could not be cleaned up");
  };
  try {
    const secrets = await startSecretService();
    cleanUp.push(() => secrets.stop());
    const portal = await startPortal({ settings: { intervalMs: 200, ...settings } });
    cleanUp.push(() => portal.close());
    const open = async (): Promise<World> => {
      const host = createHost({ env: secrets.env });
      cleanUp.push(() => host.dispose());
      await (memory ? install(host) : installByCopy(host));
      await host.useEndpoints({ global: portal.regions.global.url, cn: portal.regions.cn.url });
      const control = controls(host, secrets, (step) => cleanUp.push(step));
      return { host, portal, secrets, end, another: open, ...control };
    };
    return await open();
  } catch (error) {
    await end();
    throw error;
  }
}

function controls(host: Host, secrets: SecretService, onEnd: (step: () => unknown) => void) {
  const printed: (() => string)[] = [];
  const keep = (finished: Finished) => {
    printed.push(() => `${finished.stdout}\n${finished.stderr}`);
    return finished;
  };
  const openclaw: World["openclaw"] = async (args, options) =>
    keep(await host.openclaw(args, { ...COMMAND_TIMEOUT, ...options }));
  const inTerminal = (command: readonly string[]) => {
    const terminal = openTerminal([...host.program, ...command], { env: host.env, cwd: host.home });
    printed.push(terminal.text);
    onEnd(async () => {
      terminal.kill();
      await terminal.exited;
    });
    return terminal;
  };
  return {
    openclaw,
    onboard: (more: readonly string[] = [], options: Partial<CommandOptions> = {}) =>
      openclaw([...NON_INTERACTIVE, ...more], options),
    openTerminal: inTerminal,
    onboardInTerminal: () => inTerminal(["onboard", ...ONBOARD_FLAGS, "--auth-choice", "minimax-portal"]),
    async startGateway() {
      const gateway = await host.gateway();
      printed.push(gateway.output);
      onEnd(() => gateway.stop());
      return gateway;
    },
    async ask(gateway: Gateway) {
      const session = ["--agent", "main", "--session-id", `g${Date.now()}`];
      const command = ["agent", ...session, "-m", "hi"];
      const finished = keep(await gateway.openclaw(command, COMMAND_TIMEOUT));
      return finished.stdout + finished.stderr;
    },
    through: async (gateway: Gateway, args: readonly string[]) =>
      keep(await gateway.openclaw(args, COMMAND_TIMEOUT)),
    heard: (text: string) => void printed.push(() => text),
    config: () => readFileSync(host.configPath, "utf8"),
    async accountsInKeychain() {
      const search = ["search", "--all", "service", "openclaw-minimax-portal"];
      const { stdout, stderr } = await secretTool({ ...secrets.env }, search);
      const accounts = `${stdout}\n${stderr}`.matchAll(/^attribute\.(?:account|username) = (.*)$/gm);
      return [...accounts].map(([, account = ""]) => account);
    },
    printed: () => printed.map((text) => text()).join("\n"),
  };
}

/** Changes the config file by hand. */
export function editConfig(
  { host, config }: World,
  change: (config: Record<string, unknown>) => object,
): void {
  writeFileSync(host.configPath, JSON.stringify(change(JSON.parse(config())), null, 2));
}

/** Lets `Gateway.chat` in. */
export function allowChat(world: World): void {
  editConfig(world, (config) => {
    const own = config.gateway as object;
    return { ...config, gateway: { ...own, http: { endpoints: { chatCompletions: { enabled: true } } } } };
  });
}

/** A path beside the config file. */
export const besideConfig = ({ host }: World, name: string) => join(dirname(host.configPath), name);
