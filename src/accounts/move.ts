import { AuthError, isAuthError } from "../base/error.ts";
import { holdSameItems } from "../keychain/index.ts";
import type { OpenState } from "../state/state.ts";
import { encodeRecord } from "../tokens/credential-store.ts";
import type { AccountLock, CredentialStore } from "../tokens/types.ts";

export interface Moved {
  readonly from: string;
  readonly to: string;
  /** Why the copy in the old store could not be deleted, if so; moving again tries that again. */
  readonly leftover?: AuthError;
}

export interface MoveSteps {
  readonly account: string;
  readonly to: string;
  /** Every store in which an interrupted move can have left a copy. */
  readonly durable: readonly string[];
  readonly state: Pick<OpenState, "get" | "moveTo">;
  readonly lock: AccountLock;
  /** A store whose calls may wait for a person to unlock it. */
  readonly open: (name: string) => CredentialStore;
  /** Throws AuthError unless the store writes, reads and deletes. */
  readonly prove: (name: string) => Promise<unknown>;
}

/**
 * Moves a sign-in from the store it is in to another one, without a new sign-in. The state names the one
 * store that counts: it is switched when the copy has been read back, so a crash at any moment leaves a
 * sign-in that works, and at most a second copy of it, which the next move deletes.
 * @throws AuthError; the sign-in then stays where it was
 */
export async function moveSignIn(steps: MoveSteps): Promise<Moved> {
  const { account, to, state, lock, open, prove } = steps;
  const before = storeOf(account, state);
  try {
    await prove(to);
    // Both may ask a person for a password, which must not happen under the lock.
    await open(before).read(account);
  } catch (error) {
    throw stays(error, before);
  }
  return lock(account, async () => {
    const from = storeOf(account, state);
    await copy(steps, from);
    if (from !== to) state.moveTo(account, to);
    const leftover = await deleteCopies(steps, from);
    return { from, to, ...(leftover ? { leftover } : {}) };
  });
}

function storeOf(account: string, state: MoveSteps["state"]): string {
  const known = state.get(account);
  if (!known) throw new Error("Only a sign-in that the state knows can be moved.");
  return known.store;
}

async function copy({ account, to, open }: MoveSteps, from: string): Promise<void> {
  const alreadyThere = holdSameItems(from, to);
  try {
    const credential = await open(from).read(account);
    if (credential && !alreadyThere) await open(to).write(credential);
    const copied = await open(to).read(account);
    if (credential && copied && encodeRecord(copied) === encodeRecord(credential)) return;
    throw new AuthError("keychain_refused", {
      what: `${to} does not give back the sign-in.`,
      next: "See where it is: openclaw minimax-portal status",
    });
  } catch (error) {
    const half = alreadyThere ? undefined : open(to).delete(account);
    await half?.catch(() => false);
    throw stays(error, from);
  }
}

/** From the old store; when there was nothing to move, from every store where an interrupted move may have left one. */
async function deleteCopies(
  { account, to, durable, open }: MoveSteps,
  from: string,
): Promise<AuthError | undefined> {
  let failure: AuthError | undefined;
  for (const name of from === to ? durable : [from]) {
    if (holdSameItems(name, to)) continue;
    try {
      await open(name).delete(account);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      if (name === from) failure = error;
    }
  }
  return failure;
}

function stays(error: unknown, store: string): unknown {
  if (!isAuthError(error)) return error;
  return new AuthError(error.code, { ...error.text, kept: `The sign-in stays in ${store}.` });
}
