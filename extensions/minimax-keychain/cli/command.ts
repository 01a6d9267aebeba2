import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { ACCOUNT_NAME, AuthError, type ErrorCode, isAuthError, quotable } from "../../../src/index.ts";
import { accountInUse } from "../config/account.ts";
import type { Runtime } from "../runtime.ts";
import { aboutAccount } from "./about-account.ts";
import { createOutput, type Output } from "./output.ts";

/** What scripts may rely on. */
export const EXIT = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;

export interface CommonOptions {
  readonly account?: string;
  readonly json?: boolean;
}

/** What a command works with. */
export interface CommandContext extends Pick<Runtime, "auth"> {
  readonly runtime: Runtime;
  readonly config: OpenClawConfig;
  readonly account: string;
  readonly json: boolean;
  readonly out: Output;
  readonly now: () => number;
}

/** The codes of errors that lie in what was typed. */
const MISUSE: readonly ErrorCode[] = ["account_invalid", "account_unknown", "region_unknown", "usage_wrong"];

/**
 * Runs one command and sets the exit code. An AuthError becomes its message on stderr, or with `--json` an
 * object on stdout. What the command began behind its back, a refresh say, ends before the process does.
 */
export async function runCommand(
  runtime: Runtime,
  config: OpenClawConfig,
  options: CommonOptions,
  work: (context: CommandContext) => Promise<number>,
  out: Output = createOutput(),
): Promise<number> {
  const json = options.json === true;
  let output = out;
  try {
    const account = accountFor(runtime, config, options.account);
    output = aboutAccount(out, account, runtime.config, config);
    return await work({ runtime, auth: runtime.auth, config, account, json, out: output, now: Date.now });
  } catch (error) {
    if (!isAuthError(error)) throw error;
    printFailure(error, json, output);
    return exitCodeOf(error);
  } finally {
    await runtime.auth.flush().catch((error: Error) => output.error(error.message));
  }
}

export function exitCodeOf({ code }: AuthError): number {
  if (code === "cancelled") return EXIT.interrupted;
  return MISUSE.includes(code) ? EXIT.misused : EXIT.failed;
}

export function printFailure({ code, message }: AuthError, json: boolean, out: Output): void {
  if (json) printJson(out, { error: { code, message } });
  else out.error(message);
}

export function printJson(out: Output, value: unknown): void {
  out.data(`${JSON.stringify(value, null, 2)}\n`);
}

/** @throws AuthError `usage_wrong` with one line to type for each choice, which begins with `option` */
export function parseStore<T extends string>(text: string, choices: readonly T[], option: string): T {
  const store = choices.find((choice) => choice === text);
  if (store !== undefined) return store;
  throw new AuthError("usage_wrong", {
    what: `There is no store "${quotable(text, 40)}".`,
    kept: "Nothing was changed.",
    next: `Choose one of: ${choices.map((choice) => `${option} ${choice}`).join(", ")}.`,
  });
}

/** @throws AuthError `account_invalid` */
function accountFor(runtime: Runtime, config: OpenClawConfig, given: string | undefined): string {
  if (given === undefined) return accountInUse(runtime.config, config);
  if (ACCOUNT_NAME.test(given)) return given;
  throw new AuthError("account_invalid", {
    what: `"${quotable(given, 40)}" cannot be the name of an account: use letters, digits, ".", "_" and "-", at most 64.`,
    kept: "Nothing was changed.",
    next: "See which accounts there are: `openclaw minimax-portal status`.",
  });
}

/**
 * For commands that need a sign-in to work on, where an account was named.
 * @throws AuthError `account_unknown` naming the accounts there are
 */
export async function assertKnown({ auth, account }: CommandContext, given: string | undefined) {
  if (given === undefined || (await auth.status(account).catch(() => undefined))) return;
  const known = await auth.accounts();
  throw new AuthError("account_unknown", {
    what: `There is no account "${account}"${known.length > 0 ? `; there is ${known.join(", ")}` : ""}.`,
    kept: "Nothing was changed.",
    next: `Sign it in: \`openclaw minimax-portal login --account ${account}\`.`,
  });
}
