import { AuthError, type DurableStore } from "../../../src/index.ts";
import { type CommandContext, EXIT } from "../cli/command.ts";
import { PLUGIN_ID } from "../names.ts";

const STORES: readonly DurableStore[] = ["keytar", "secret-service", "encrypted-file"];

/** Moves the sign-in to another store. @returns the exit code: 0 done; 1 a copy was left */
export async function move(
  { auth, account, out }: Pick<CommandContext, "auth" | "account" | "out">,
  wanted: string,
): Promise<number> {
  const store = STORES.find((each) => each === wanted);
  if (store === undefined) throw unknownStore(wanted);
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

function unknownStore(wanted: string): AuthError {
  const why = wanted === "memory" ? "memory ends with this command" : "there is no store of that name";
  return new AuthError("usage_wrong", {
    what: `The sign-in cannot be moved to "${wanted}": ${why}.`,
    kept: "Nothing was changed.",
    next: `Choose one of: ${STORES.map((store) => `openclaw minimax-portal move --store ${store}`).join(", ")}`,
  });
}
