import { type ChildProcess, spawn as nodeSpawn } from "node:child_process";
import { dirname } from "node:path";
import type { KeychainOptions } from "../keychain.ts";
import { type ChildAnswer, type ChildRequest, readAnswer } from "./protocol.ts";

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The child ended, or could not be started, without an answer that can be read. */
export class ChildFailed extends Error {
  override readonly name = "ChildFailed";

  /** Whether what was to be started is no longer there. */
  readonly gone: boolean;

  constructor(message: string, gone = false) {
    super(message);
    this.gone = gone;
  }
}

type SpawnOptions = Pick<KeychainOptions, "childPath" | "env" | "spawn">;

/**
 * Puts one request to a new child process and gives its answer. The child is killed as soon as it has
 * answered, or when `giveUp` aborts; then this rejects at once with that reason and nothing of the child
 * keeps this process alive. Rejects with {@link ChildFailed} if there is no answer.
 */
export function runChild(
  request: ChildRequest,
  options: SpawnOptions,
  giveUp: AbortSignal,
): Promise<ChildAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ChildAnswer>();
  if (giveUp.aborted) return Promise.reject(giveUp.reason);
  let child: ChildProcess;
  try {
    child = start(options);
  } catch (error) {
    return Promise.reject(notStarted(error));
  }
  const fail = (what: string) => reject(new ChildFailed(what));
  const onAbort = () => reject(giveUp.reason);
  giveUp.addEventListener("abort", onAbort, { once: true });
  child.on("error", (error) => reject(notStarted(error)));
  child.on("close", (code, signal) => fail(`it ended without an answer (${signal ?? `exit code ${code}`})`));
  onFirstLine(child, (line) => {
    const answer = line === undefined ? undefined : readAnswer(line);
    if (answer === undefined) fail("its answer could not be read");
    else resolve(answer);
  });
  child.stdin?.on("error", () => {}); // a child that ended early; "close" tells
  child.stdin?.end(`${JSON.stringify(request)}\n`);
  return promise.finally(() => {
    giveUp.removeEventListener("abort", onAbort);
    abandon(child);
  });
}

function start({ childPath, env, spawn = nodeSpawn }: SpawnOptions): ChildProcess {
  return spawn(process.execPath, [childPath], {
    env: childEnvironment(env),
    // Our own working directory may have been removed, and node does not start in such a one.
    cwd: dirname(childPath),
    // What a binding or a dying node prints could quote the request, which holds the value.
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
}

function abandon(child: ChildProcess): void {
  child.kill("SIGKILL");
  child.unref();
  for (const stream of [child.stdin, child.stdout]) stream?.destroy();
}

/** Calls back with the first line of stdout, or undefined if it is longer than any answer. */
function onFirstLine(child: ChildProcess, found: (line: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    const end = chunk.indexOf("\n");
    chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
    length += chunk.length;
    if (end >= 0) found(Buffer.concat(chunks).toString());
    else if (length > MAX_ANSWER_BYTES) found(undefined);
  });
}

function notStarted(error: unknown): ChildFailed {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return new ChildFailed(`it could not be started (${code})`, code === "ENOENT");
}
// What a keychain binding can need. Everything else stays out: NODE_OPTIONS could load code into the child,
// and other programs' secrets have no business there.
const NEEDED = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "DBUS_SESSION_BUS_ADDRESS",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  // Where Nix and the like keep libsecret.
  "LD_LIBRARY_PATH",
  // macOS
  "__CF_USER_TEXT_ENCODING",
  "SECURITYSESSIONID",
  // Windows
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "USERNAME",
  "USERDOMAIN",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "TEMP",
  "TMP",
]);

const NEEDED_PREFIXES = ["XDG_"];

// What the bindings say is understood in English only.
const LOCALE = { LC_ALL: "C.UTF-8" };

/** The part of `env` that a keychain child gets. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => isNeeded(name))), ...LOCALE };
}

// Without regard to case: Windows writes `Path` and `SystemRoot`.
function isNeeded(name: string): boolean {
  const upper = name.toUpperCase();
  return NEEDED.has(upper) || NEEDED_PREFIXES.some((prefix) => upper.startsWith(prefix));
}
