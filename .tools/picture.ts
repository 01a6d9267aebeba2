// `npm run picture`: signs in to the stand-in for MiniMax in a throwaway OpenClaw, and draws what the terminal
// shows: `.github/sign-in.svg` and `.github/status.svg`, for the README.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { spawn } from "@lydell/node-pty";
import { packPlugin } from "../fixtures/openclaw/pack.ts";
import { createHost, freePort, type Host } from "../fixtures/openclaw/throwaway.ts";
import { startPortal } from "../fixtures/portal/index.ts";
import { startSecretService } from "../fixtures/secret-service/start.ts";
import { drawTerminal } from "./picture/svg.ts";
import { linesOf } from "./picture/terminal.ts";

const PICTURES = join(dirname(import.meta.dirname), ".github");
const COLUMNS = 84;

type Listener = (output: string) => void;

/** What a command shows in a terminal, with its colours. */
function show({ program, env, home }: Host, args: readonly string[], onOutput: Listener = () => {}) {
  const [node, openclaw] = program;
  const { NO_COLOR: _, ...inColour }: NodeJS.ProcessEnv = { ...env, TERM: "xterm-256color" };
  const variables = Object.fromEntries(Object.entries(inColour).filter(([, value]) => value !== undefined));
  const pty = spawn(node, [openclaw, ...args], { cols: COLUMNS, rows: 60, cwd: home, env: variables });
  let output = "";
  pty.onData((data) => {
    output += data;
    onOutput(output);
  });
  return new Promise<string>((resolve) => pty.onExit(() => resolve(output)));
}

/** Draws what a command showed, from the line that `first` matches: what OpenClaw shows before is not ours. */
function save(name: string, args: readonly string[], output: string, first: RegExp): void {
  const lines = linesOf(output, COLUMNS, first);
  if (lines.length === 0) throw new Error(`openclaw ${args.join(" ")} showed:\n${output}`);
  const path = join(PICTURES, name);
  writeFileSync(path, drawTerminal(`openclaw ${args.join(" ")}`, lines));
  console.log(path);
}

async function draw(): Promise<void> {
  const secrets = await startSecretService();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  // The sign-in page's address as MiniMax sends it, so that the terminal shows what a person will see.
  const publicUrls = {
    global: { authorization: origin, platform: "https://platform.minimax.io", inference: origin },
  };
  const portal = await startPortal({ regions: ["global"], ports: { global: port }, publicUrls });
  const packed = mkdtempSync(join(tmpdir(), "picture-"));
  const host = createHost({ env: secrets.env });
  try {
    await host.install(await packPlugin(packed));
    await host.useEndpoints({ global: portal.regions.global.url });
    const approved = portal.regions.global.waitForCode().then((code) => portal.regions.global.approve(code));
    const signIn = ["minimax-portal", "login", "--region", "global"];
    save("sign-in.svg", signIn, await show(host, signIn), /^The keychain works/);
    await approved;
    const status = ["minimax-portal", "status"];
    save("status.svg", status, await show(host, status), /^MiniMax, account/);
  } finally {
    host.dispose();
    rmSync(packed, { recursive: true, force: true });
    await portal.close();
    await secrets.stop();
  }
}

await draw();
