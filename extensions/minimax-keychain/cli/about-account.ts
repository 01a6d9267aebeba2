import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { SIGN_IN_COMMAND } from "../../../src/index.ts";
import { accountInUse, accountToSignIn } from "../config/account.ts";
import type { PluginConfig } from "../plugin-config.ts";
import type { Output } from "./output.ts";

const OURS = /openclaw minimax-portal (status|login|logout|refresh|usage|doctor|move)\b(?! --account)/g;

/**
 * An output in which every command to copy is about `account`. Texts name the commands as they are for the
 * account in use; of another one they would sign the wrong account in or out.
 */
export function aboutAccount(
  out: Output,
  account: string,
  settings: Pick<PluginConfig, "account">,
  config: OpenClawConfig,
): Output {
  const named = `--account ${account}`;
  const signsIn = accountToSignIn(settings, config) === account;
  const inUse = accountInUse(settings, config) === account;
  if (signsIn && inUse) return out;
  const withAccount = (text: string) => {
    const own = inUse ? text : text.replace(OURS, `$& ${named}`);
    return signsIn ? own : own.replaceAll(SIGN_IN_COMMAND, `openclaw minimax-portal login ${named}`);
  };
  return {
    ...out,
    log: (line) => out.log(withAccount(line)),
    error: (line) => out.error(withAccount(line)),
    data: (text) => out.data(withAccount(text)),
  };
}
