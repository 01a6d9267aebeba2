import type { Clock } from "../base/clock.ts";
import { AuthError, cancelled, isAuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import { orGiveUp } from "../base/waiting.ts";
import type { Credential } from "../tokens/credential.ts";
import { pointerTo, record, waitForLateWrite } from "../tokens/save.ts";
import type {
  AccountLock,
  CredentialStore,
  IssuedTokens,
  PendingSignIn,
  StateFile,
  WaitState,
} from "../tokens/types.ts";

export interface SignInSteps {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly state: StateFile;
  readonly lock: AccountLock;
  /** Finds a keychain and proves that it works, before the person is asked for anything. */
  readonly chooseStore: () => Promise<{ name: string; store: CredentialStore }>;
  readonly begin: () => Promise<PendingSignIn>;
  /** Shows the code and opens the browser. */
  readonly show: (pending: PendingSignIn) => Promise<void>;
  readonly onWait: (wait: WaitState) => void;
  /** Where requests go when the answer does not say. */
  readonly defaultBaseUrl: string;
  /** Removes the item of the sign-in that this one replaces from a keychain that is no longer used. */
  readonly removeFrom: (storeName: string) => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
  /** Throws when the person may no longer sign in; asked before every effect (OpenClaw #149139). */
  readonly assertCurrent: () => void;
}

export interface SignedIn {
  readonly credential: Credential;
  readonly storeName: string;
  readonly notice?: string;
}

/**
 * A whole sign-in: keychain → code → person → tokens → keychain. Nothing is stored before the tokens
 * are there, so giving up at any point leaves things as they were.
 * @throws AuthError
 */
export async function signIn(steps: SignInSteps): Promise<SignedIn> {
  try {
    return await perform(steps);
  } catch (error) {
    // Whatever an aborted step threw, the person sees one sentence.
    if (steps.signal?.aborted && !isAuthError(error)) throw cancelled();
    throw error;
  }
}

async function perform(steps: SignInSteps): Promise<SignedIn> {
  const { signal, assertCurrent } = steps;
  assertCurrent();
  const { name: storeName, store } = await steps.chooseStore();
  // Taken and given back: what has something against the lock says so before the person is asked for anything.
  await orGiveUp(
    steps.lock(steps.account, async () => {}),
    signal,
  );
  assertCurrent();
  const pending = await steps.begin();
  await steps.show(pending);
  const onWait = (wait: WaitState) => {
    assertCurrent();
    steps.onWait(wait);
  };
  const tokens = await pending.wait(onWait, signal);
  assertCurrent();
  const credential = firstGeneration(tokens, steps);
  // Under the lock: a refresh of the sign-in that this one replaces must not overwrite it.
  await steps.lock(steps.account, (lockTime) => save(credential, storeName, store, steps, lockTime));
  return { credential, storeName, ...(tokens.notice === undefined ? {} : { notice: tokens.notice }) };
}

async function save(
  credential: Credential,
  storeName: string,
  store: CredentialStore,
  { account, clock, state, removeFrom }: SignInSteps,
  lockTime: AbortSignal,
): Promise<void> {
  const before = await state.get(account);
  await waitForLateWrite(before, clock, lockTime);
  // Killed while it writes, it leaves something behind as well.
  if (before) await record(() => state.setIntent(account, before.generationId));
  await store.write(credential);
  const outcome = {
    at: clock.now(),
    code: "signed_in",
    durationMs: clock.now() - credential.obtainedAt,
  } as const;
  await state.put(pointerTo(credential, { store: storeName }), outcome);
  if (before && before.store !== storeName) await removeFrom(before.store).catch(() => {});
}

function firstGeneration(tokens: IssuedTokens, steps: SignInSteps): Credential {
  if (!tokens.refreshToken) {
    throw new AuthError("answer_invalid", {
      what: "MiniMax sent no refresh token, so the sign-in could not be kept alive.",
      kept: "Nothing was changed.",
      next: `Try again: \`${SIGN_IN_COMMAND}\`.`,
    });
  }
  const now = steps.clock.now();
  return {
    account: steps.account,
    region: steps.region,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: Math.round(tokens.expiresAt),
    obtainedAt: now,
    signedInAt: now,
    baseUrl: tokens.baseUrl ?? steps.defaultBaseUrl,
    generation: 1,
    ...(tokens.issuer === undefined ? {} : { issuer: tokens.issuer }),
    ...(tokens.scope === undefined ? {} : { scope: tokens.scope }),
  };
}
