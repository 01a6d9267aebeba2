import { isAuthError, SIGN_IN_COMMAND } from "../../../src/index.ts";
import { assertKnown, type CommandContext, type CommonOptions, EXIT, printJson } from "../cli/command.ts";
import { changeConfig } from "../config/host-config.ts";
import { withoutSignIn } from "../config/sign-out-patch.ts";

export interface LogoutOptions extends CommonOptions {
  readonly all?: boolean;
  readonly cleanConfig?: boolean;
}

interface SignedOut {
  readonly account: string;
  /** Whether the keychain deleted an item. */
  readonly deleted: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

type ChangeConfig = typeof changeConfig;

/**
 * Deletes sign-ins: at MiniMax where it listens, in the keychain and the state; in the config only for somebody
 * who goes for good.
 * @returns the exit code: 0 done; 1 a keychain refused or the config could not be changed, and without cleaning
 * the config also a keychain that had nothing to delete
 */
export async function logout(
  context: CommandContext,
  options: LogoutOptions,
  change: ChangeConfig = changeConfig,
): Promise<number> {
  const { auth, account, json, out } = context;
  if (!options.all) await assertKnown(context, options.account);
  const accounts = options.all ? [...new Set([...(await auth.accounts()), account])] : [account];
  const results: SignedOut[] = [];
  for (const each of accounts) results.push(await signOut(context, each));
  // An account that the keychain still holds keeps its place in the config.
  const gone = results.filter(({ error }) => error === undefined).map((each) => each.account);
  // Without the provider in it the host would ask for an API key, and not for a sign-in.
  const clean = options.all === true || options.cleanConfig === true;
  const config = clean ? await cleanConfig(gone, change) : "kept";
  if (json) printJson(out, { accounts: results, config });
  else for (const each of results) tell(each, clean, context);
  if (!json) tellConfig(config, context);
  // Who cleans up after an earlier sign-out finds nothing to delete, and is done.
  const done = results.every(({ deleted, error }) => deleted || (clean && error === undefined));
  return done && typeof config === "string" ? EXIT.done : EXIT.failed;
}

async function signOut({ auth }: CommandContext, account: string): Promise<SignedOut> {
  try {
    return { account, deleted: await auth.signOut(account) };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { account, deleted: false, error: { code: error.code, message: error.message } };
  }
}

type ConfigOutcome = "kept" | "cleaned" | "unchanged" | { readonly error: string };

async function cleanConfig(gone: readonly string[], change: ChangeConfig): Promise<ConfigOutcome> {
  try {
    return (await change((config) => withoutSignIn(config, gone))) ? "cleaned" : "unchanged";
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function tell({ account, deleted, error }: SignedOut, clean: boolean, { out }: CommandContext): void {
  if (error) {
    out.error(error.message);
  } else if (deleted) {
    const again = `Sign in again: ${SIGN_IN_COMMAND}`;
    out.log(`Account "${account}" is signed out: its tokens were deleted. ${again}`);
  } else {
    const say = clean ? out.log : out.error;
    say(`The keychain has no sign-in of account "${account}", or it is locked.`);
    say("If it may be locked, unlock it and run `openclaw minimax-portal logout` again.");
  }
}

function tellConfig(config: ConfigOutcome, { out }: CommandContext): void {
  if (config === "cleaned") {
    out.log("The MiniMax provider, its aliases and its place as default model were removed from the config.");
    out.log("Choose another default model, if none is left: openclaw models set <model>");
  } else if (typeof config === "object") {
    out.error(config.error);
    out.error("Remove the provider by hand: openclaw config unset models.providers.minimax-portal");
  }
}
