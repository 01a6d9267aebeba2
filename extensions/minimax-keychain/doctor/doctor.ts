import { existsSync, statSync } from "node:fs";
import { missingOf, userStateDirectory } from "../../../src/index.ts";
import { apiKeys } from "../api-key/command.ts";
import { type CommandContext, type CommonOptions, EXIT, printJson } from "../cli/command.ts";
import { type Output, type Style, wrap } from "../cli/output.ts";
import { coreKeyRemovals } from "../config/core-profiles.ts";
import { allSources } from "../import/import.ts";
import type { Finding, Verdict } from "./finding.ts";
import type { DoctorInput } from "./input.ts";
import { runChecks } from "./run-checks.ts";

export interface DoctorOptions extends CommonOptions {
  readonly online?: boolean;
}

/** @returns the exit code: 0 no problem, 1 at least one */
export async function doctor(context: CommandContext, { online = false }: DoctorOptions): Promise<number> {
  const { json, out } = context;
  const started = performance.now();
  const findings = await runChecks(inputOf(context, online));
  const tookMs = Math.round(performance.now() - started);
  const problems = findings.filter(({ verdict }) => verdict === "problem").length;
  if (json) printJson(out, { healthy: problems === 0, online, tookMs, findings });
  else for (const line of doctorLines(findings, out)) out.log(line);
  return problems === 0 ? EXIT.done : EXIT.failed;
}

function inputOf(context: CommandContext, online: boolean): DoctorInput {
  const { runtime, config, account, auth, now } = context;
  return {
    hostVersion: runtime.hostVersion(),
    config,
    pluginConfig: runtime.config,
    rootDir: runtime.rootDir,
    account,
    env: process.env,
    now,
    stateDirectory: userStateDirectory(process.env, process.platform),
    exists: existsSync,
    modeOf: (path) =>
      process.platform === "win32" ? undefined : statSync(path, { throwIfNoEntry: false })?.mode,
    auth,
    keyStored: async () => (await apiKeys(runtime).storedIn()) !== undefined,
    missingOf,
    coreKeys: () => coreKeyRemovals(config),
    sources: allSources(context),
    online,
  };
}

const SIGNS: Readonly<Record<Verdict, readonly [string, Style]>> = {
  ok: ["✓", "green"],
  problem: ["✗", "red"],
  warning: ["!", "yellow"],
  unchecked: ["?", "dim"],
};

/** Little, so that a command to copy stays on one line of 80 columns. */
const FIX_INDENT = "  ";
/** A command and nothing else, which may have words in quotes. */
const COMMAND = /^openclaw (?:'[^']*'|[^\s',])+(?: (?:'[^']*'|[^\s',]+))*$/;

/** One line for each check; below a fault its code and its fix. */
export function doctorLines(findings: readonly Finding[], out: Pick<Output, "paint" | "columns">): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length)) + 2;
  const lines = findings.flatMap(({ check, verdict, code, text, fix }) => {
    const [sign, style] = SIGNS[verdict];
    const line = fix === undefined ? text : `${text} [${code}]`;
    const [first = "", ...rest] = wrap(line, out.columns - width - 2);
    const indent = " ".repeat(width + 2);
    const shown = verdict === "unchecked" ? out.paint("dim", first) : first;
    return [
      `${out.paint(style, sign)} ${check.padEnd(width)}${shown}`,
      ...rest.map((line) => indent + line),
      ...(fix === undefined ? [] : fixLines(fix, out.columns).map((line) => out.paint("cyan", line))),
    ];
  });
  return [...lines, "", summary(findings)];
}

/** A command that was broken over lines could not be copied; one with a path in it is long. */
function fixLines(fix: string, columns: number): string[] {
  const text = `→ ${fix}`;
  return COMMAND.test(fix) ? [FIX_INDENT + text] : wrap(text, columns, FIX_INDENT);
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Verdict) => findings.filter(({ verdict }) => verdict === wanted).length;
  const problems = count("problem");
  const summary = problems === 0 ? "No problem found" : `${problems} problem${problems === 1 ? "" : "s"}`;
  const rest = [
    [count("warning"), "to look at"],
    [count("unchecked"), "not checked"],
  ] as const;
  return [
    summary,
    ...rest.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`),
  ].join(", ");
}
