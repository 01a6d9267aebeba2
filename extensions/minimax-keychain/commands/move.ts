import { STORE_NAMES } from "../../../src/index.ts";
import { type CommandContext, EXIT, parseStore } from "../cli/command.ts";
import { PLUGIN_ID } from "../names.ts";

/** Moves the sign-in to another store. @returns the exit code: 0 done; 1 a copy was left */
export async function move(
  { auth, account, out }: Pick<CommandContext, "auth" | "account" | "out">,
  wanted: string,
): Promise<number> {
  const store = parseStore(wanted, STORE_NAMES, "openclaw minimax-portal move --store");
  const { from, leftover } = await auth.moveTo(account, store);
  const done = from === store ? "was already in" : `was moved from ${from} to`;
  out.log(`The sign-in of account "${account}" ${done} ${store}.`);
  const setting = `plugins.entries.${PLUGIN_ID}.config.tokenStore`;
  out.log(`To keep the next sign-in there as well: openclaw config set ${setting} ${store}`);
  if (leftover === undefined) return EXIT.done;
  out.error(`A copy was left in ${from}: ${leftover.text.what}`);
  out.error(`To delete it, run again: openclaw minimax-portal move --store ${store}`);
  return EXIT.failed;
}
