import { spawn } from "node:child_process";
import { constants } from "node:os";
import { LaunchError } from "./errors.mjs";

/** How long an interrupted child may take to end, in ms, before it is killed. */
const GRACE_MS = 10_000;
/** The same for a preparing step: npm takes its time, and what it leaves is thrown away in any case. */
const QUIET_GRACE_MS = 500;

/**
 * @typedef {object} Ended how a child ended
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal that ended the child
 * @property {NodeJS.Signals | null} interruptedBy the first signal this process got meanwhile
 * @property {string} output standard output and error, when they were piped
 */

/**
 * Runs a program to its end. This process outlives it: signals are passed on, none ends us first.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, stdio: "inherit" | "pipe", shell?: boolean, graceMs?: number }} options
 * @returns {Promise<Ended>}
 */
export function run(command, args, { cwd, env, stdio, shell = false, graceMs = GRACE_MS }) {
  const child = spawn(command, args, {
    cwd,
    env,
    shell,
    stdio: stdio === "pipe" ? ["ignore", "pipe", "pipe"] : stdio,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    const stopPassing = passSignals(child, graceMs);
    child.once("error", (error) => {
      stopPassing();
      reject(error);
    });
    child.once("close", (code, signal) => resolve({ code, signal, interruptedBy: stopPassing(), output }));
  });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} graceMs
 * @returns {() => NodeJS.Signals | null} ends the passing on and tells which signal came first
 */
function passSignals(child, graceMs) {
  /** @type {NodeJS.Signals[]} */
  const received = [];
  /** @type {NodeJS.Timeout | undefined} */
  let deadline;
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    received.push(signal);
    deadline ??= setTimeout(() => child.kill("SIGKILL"), graceMs);
    // A terminal sends Ctrl-C to the child as well; a second one would mean "at once" to many programs.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    clearTimeout(deadline);
    for (const signal of signals) process.off(signal, onSignal);
    return received[0] ?? null;
  };
}

/**
 * The exit code that tells a shell how a child ended: its own, or 128 + the number of the signal.
 * @param {Pick<Ended, "code" | "signal" | "interruptedBy">} ended
 */
export function exitCode({ code, signal, interruptedBy }) {
  if (code !== null) return code;
  const cause = interruptedBy ?? signal;
  return cause === null ? 1 : 128 + constants.signals[cause];
}

/**
 * Runs a preparing step behind one line on standard error: what it is, and when done how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function announce(what, step) {
  const start = Date.now();
  process.stderr.write(`${what} … `);
  try {
    const result = await step();
    process.stderr.write(`${Math.round((Date.now() - start) / 100) / 10} s\n`);
    return result;
  } catch (error) {
    process.stderr.write(error instanceof LaunchError && error.exitCode > 128 ? "stopped\n" : "failed\n");
    throw error;
  }
}

/**
 * Runs a quiet preparing step; what it printed is shown only when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, shell?: boolean }} options
 * @param {string} advice what to do about a failure
 */
export async function runQuietly(command, args, options, advice) {
  const ended = await run(command, args, { ...options, stdio: "pipe", graceMs: QUIET_GRACE_MS }).catch(
    (error) => {
      throw new LaunchError(`${command} could not be run: ${error.message}\n${advice}`);
    },
  );
  if (ended.interruptedBy !== null) {
    throw new LaunchError("", exitCode({ ...ended, code: null }));
  }
  if (ended.code !== 0) {
    throw new LaunchError(`${excerpt(ended.output)}\n${advice}`);
  }
}

/**
 * The lines that tell what went wrong: npm names the cause first and the place of its log last.
 * @param {string} output
 */
export function excerpt(output) {
  const idle = /^(npm (warn|notice) .*|(npm error)?\s*(at .*)?)$/i; // warnings, stack frames, empty lines
  const lines = output.split("\n").filter((line) => !idle.test(line));
  const shown = lines.length <= 20 ? lines : [...lines.slice(0, 16), "…", ...lines.slice(-3)];
  return shown.join("\n");
}
