import { AuthError, isAuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import type { Secret } from "../base/secret.ts";
import type { OpenState } from "../state/state.ts";
import { type Credential, generationId } from "../tokens/credential.ts";
import { pointerTo } from "../tokens/save.ts";
import type { AccountLock, CredentialStore, Refreshed, Stale } from "../tokens/types.ts";

/** A login that another program made, as it keeps it. */
export interface PlainLogin {
  readonly accessToken: Secret;
  readonly refreshToken: Secret;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** The client it was made with, where it is not ours. */
  readonly clientId?: string;
}

export interface TakeOverSteps {
  readonly credential: Credential;
  readonly state: Pick<OpenState, "get" | "put" | "delete">;
  readonly lock: AccountLock;
  /** Whether the account has a sign-in that works, as far as is known. */
  readonly isTaken: () => Promise<boolean>;
  readonly chooseStore: () => Promise<{ readonly name: string; readonly store: CredentialStore }>;
  readonly refresh: (stale: Stale) => Promise<Refreshed>;
  readonly saveLater: (credential: Credential) => Promise<Credential>;
}

/**
 * Takes over a login that another program holds: first a copy into the keychain, then a refresh that proves
 * it and makes the other program's copy worthless. Whatever fails before MiniMax has answered, neither the
 * keychain nor the state holds that copy any more, and the other program's login is as before.
 * @throws AuthError
 */
export async function takeOver(steps: TakeOverSteps): Promise<Credential> {
  const { credential, state, lock } = steps;
  const { account } = credential;
  if (await steps.isTaken()) throw alreadySignedIn(account);
  const { name, store } = await steps.chooseStore();
  await lock(account, async () => {
    // Asked again: choosing a store may wait for a person, and somebody may have signed in meanwhile.
    if (await steps.isTaken()) throw alreadySignedIn(account);
    await store.write(credential);
    state.put(pointerTo(credential, { store: name }));
  });
  const undo = () =>
    lock(account, async () => {
      // Somebody may have signed in meanwhile.
      if (state.get(account)?.generationId !== generationId(credential)) return;
      await store.delete(account);
      state.delete(account);
    });
  let refreshed: Refreshed;
  try {
    refreshed = await steps.refresh({ credential, rejected: false, urgent: true });
  } catch (error) {
    await undo().catch(() => {});
    throw isAuthError(error) ? notTakenOver(error) : error;
  }
  return refreshed.unsaved ? steps.saveLater(refreshed.credential) : refreshed.credential;
}

function notTakenOver(error: AuthError): AuthError {
  const kept = "The login stays where it was; nothing was changed.";
  if (error.code !== "sign_in_required") return new AuthError(error.code, { ...error.text, kept });
  return new AuthError("grant_rejected", {
    what: "MiniMax no longer accepts this login: it has expired, was revoked, or is of the other endpoint.",
    kept,
    next: `Sign in anew: \`${SIGN_IN_COMMAND}\`, then delete the old login: \`openclaw minimax-portal import --discard\`.`,
  });
}

function alreadySignedIn(account: string): AuthError {
  return new AuthError("already_signed_in", {
    what: `The account "${account}" is signed in already.`,
    kept: "Nothing was changed.",
    next: "Delete the other login with `openclaw minimax-portal import --discard`, or take it over under another name with `--account <name>`.",
  });
}
