import type { Clock } from "../safety/clock.ts";
import { AuthError, isAuthError, SIGN_IN_COMMAND } from "../safety/error.ts";
import { type Credential, generationId } from "./credential.ts";
import type { AccountLock, CredentialStore, IssuedTokens, RefreshGrant, StateFile } from "./ports.ts";
import { freshness } from "./window.ts";

export interface RefresherOptions {
  readonly store: CredentialStore;
  readonly state: StateFile;
  readonly lock: AccountLock;
  readonly grant: RefreshGrant;
  readonly clock: Clock;
}

/** What the caller holds, and whether the provider has already refused its access token (HTTP 401). */
export interface Stale {
  readonly credential: Credential;
  readonly rejected: boolean;
}

export interface Refreshed {
  readonly credential: Credential;
  /** Set when the keychain refused the new record: it lives in this process only. */
  readonly unsaved?: AuthError;
}

/**
 * One refresh of one account, alone across processes (design, "Refresh", steps 1 to 8).
 * @throws AuthError `sign_in_required` when the server refuses the refresh token for good; anything else
 * is passing and costs nothing
 */
export async function refresh(stale: Stale, options: RefresherOptions): Promise<Refreshed> {
  const { account } = stale.credential;
  return options.lock(account, async () => {
    const stored = latest(await options.store.read(account), stale.credential);
    const generation = generationId(stored);
    if (isNewer(stored, stale, options.clock)) return { credential: stored };

    const before = options.state.get(account);
    if (before?.quarantined === generation) throw signInRequired();
    // On disk before the call: after a crash, it tells that the stored refresh token may be spent.
    options.state.setIntent(account, generation);
    const interrupted = before?.intent === generation;
    const issued = await grant(stored, interrupted, options);
    const credential = renewed(stored, issued, options.clock.now());
    const unsaved = await save(credential, options);
    return unsaved ? { credential, unsaved } : { credential };
  });
}

/** The keychain's generation, unless this process holds a later one that the keychain refused to take. */
function latest(stored: Credential | undefined, held: Credential): Credential {
  if (!stored) return held;
  const sameSignIn = stored.signedInAt === held.signedInAt && stored.region === held.region;
  return sameSignIn && held.generation > stored.generation ? held : stored;
}

/** Whether another process has already put a usable generation in the keychain. */
function isNewer(stored: Credential, { credential, rejected }: Stale, clock: Clock): boolean {
  if (freshness(stored, clock.now()) === "expired") return false;
  const same =
    generationId(stored) === generationId(credential) && stored.obtainedAt === credential.obtainedAt;
  return same ? !rejected && freshness(stored, clock.now()) === "fresh" : true;
}

async function grant(
  stored: Credential,
  interrupted: boolean,
  options: RefresherOptions,
): Promise<IssuedTokens> {
  const { account } = stored;
  try {
    return await options.grant(stored);
  } catch (error) {
    if (!isAuthError(error, "grant_rejected")) {
      // Without an answer the server may have rotated all the same: then the intent stays.
      const answered = !isAuthError(error, "portal_timed_out", "portal_unreachable");
      if (answered) options.state.setIntent(account, undefined);
      throw kept(error);
    }
    options.state.quarantine(account, generationId(stored));
    throw signInRequired(interrupted);
  }
}

async function save(
  credential: Credential,
  { store, state }: RefresherOptions,
): Promise<AuthError | undefined> {
  const { account, region, expiresAt } = credential;
  const before = state.get(account);
  try {
    await store.write(credential);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return error;
  }
  state.put({
    account,
    store: before?.store ?? "",
    region,
    expiresAt,
    generationId: generationId(credential),
  });
  return undefined;
}

function renewed(old: Credential, issued: IssuedTokens, now: number): Credential {
  const scope = issued.scope ?? old.scope;
  return {
    ...old,
    accessToken: issued.accessToken,
    refreshToken: issued.refreshToken ?? old.refreshToken,
    expiresAt: Math.round(issued.expiresAt),
    obtainedAt: now,
    baseUrl: issued.baseUrl ?? old.baseUrl,
    generation: old.generation + 1,
    ...(issued.issuer === undefined ? {} : { issuer: issued.issuer }),
    ...(scope === undefined ? {} : { scope }),
  };
}

function kept(error: unknown): unknown {
  if (!isAuthError(error)) return error;
  // What the configuration has to put right does not pass by itself.
  if (error.code === "issuer_changed" || error.code === "endpoint_rejected") return error;
  return new AuthError(error.code, {
    ...error.text,
    kept: "Your sign-in is kept.",
    next: "Nothing to do: the next request tries again.",
  });
}

export function signInRequired(interrupted = false): AuthError {
  return new AuthError("sign_in_required", {
    what: interrupted
      ? "MiniMax no longer accepts the stored sign-in: a refresh was interrupted after the server had replaced it."
      : "MiniMax no longer accepts the stored sign-in.",
    kept: "Your settings are kept.",
    next: `Sign in again: \`${SIGN_IN_COMMAND}\`.`,
  });
}
