import { type ErrorCode, isAuthError } from "../base/error.ts";
import { orGiveUp } from "../base/waiting.ts";
import { afterFailure, LONGEST_EXPIRED_MS, msToWait, type Trouble } from "./back-off.ts";
import { type Credential, generationId, isSameGeneration, latest } from "./credential.ts";
import { freshness } from "./lifetime.ts";
import {
  backingOff,
  heldElsewhere,
  notWritable,
  passing,
  signInRequired,
  tokenRejected,
} from "./messages.ts";
import { pointerTo, record, save, waitForLateWrite } from "./save.ts";
import type { AccountState, IssuedTokens, Outcome, Refreshed, RefresherOptions, Stale } from "./types.ts";

/** A 401 this soon after a refresh that answered a 401 is not answered with another one, ms. */
const RECENTLY_MS = 5 * 60_000;

/**
 * One refresh of one account, alone across processes; `src/README.md` has its steps.
 * @throws AuthError `sign_in_required` when the server refuses the refresh token for good, `token_rejected`
 * when the provider refuses one fresh token after the other; anything else is passing and costs nothing
 */
export async function refresh(stale: Stale, options: RefresherOptions): Promise<Refreshed> {
  const waitedOut = await waitOutBackOff(stale, options);
  return options.lock(stale.credential.account, (lockTime) =>
    refreshAlone({ ...stale, waitedOut }, options, lockTime),
  );
}

async function refreshAlone(
  stale: Waited,
  options: RefresherOptions,
  lockTime: AbortSignal,
): Promise<Refreshed> {
  const { store, state, clock } = options;
  const { account } = stale.credential;
  const read = async () => latest(await orGiveUp(store.read(account), lockTime), stale.credential);
  let stored = await read();
  const before = await state.get(account);
  if (before?.intent !== undefined) {
    await waitForLateWrite(before, clock, lockTime);
    stored = await read();
  }
  if (!isSameGeneration(stored, stale.credential) && freshness(stored, clock.now()) !== "expired") {
    return adopt(stored, before, options);
  }
  refuseIfFutile(stored, stale, before, options);
  options.check(stored);
  // On disk before the call, or there is no call: after a crash it tells that a write may still arrive, and that
  // the refresh token may be spent.
  await state.setIntent(account, generationId(stored));
  const call = { stored, stale, before, startedAt: clock.now(), started: clock.monotonic() };
  await proveWritable(call, options, lockTime);
  let issued: IssuedTokens;
  try {
    // Not ended by `lockTime`: it has a deadline of its own, and the server may have rotated already.
    issued = await options.grant(stored);
  } catch (error) {
    return await afterRefusal(error, call, options, lockTime);
  }
  const recoveredAt = stale.rejected ? clock.now() : before?.recoveredAt;
  return save(renewed(call, issued), { ...call, recoveredAt }, options, lockTime);
}

interface Waited extends Stale {
  readonly waitedOut: Trouble | undefined;
}

/** One call of the token endpoint, and what was known when it began. */
interface Call {
  readonly stored: Credential;
  readonly stale: Waited;
  readonly before: AccountState | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Monotonic, ms. */
  readonly started: number;
}

/** Waits until the server may be asked again, if that is soon. @returns the trouble that is over then */
async function waitOutBackOff(
  { credential, urgent }: Stale,
  { state, clock }: RefresherOptions,
): Promise<Trouble | undefined> {
  const trouble = (await state.get(credential.account))?.trouble;
  const ms = msToWait(trouble, urgent, clock.now());
  if (!trouble || ms === 0) return trouble;
  if (!urgent || ms > LONGEST_EXPIRED_MS) throw backingOff(trouble, clock.now(), ms);
  await clock.sleep(ms);
  return trouble;
}

async function adopt(
  stored: Credential,
  before: AccountState | undefined,
  { state }: RefresherOptions,
): Promise<Refreshed> {
  // Its owner died between the keychain and the state.
  if (before && before.generationId !== generationId(stored)) {
    await record(() => state.put(pointerTo(stored, before)));
  }
  return { credential: stored, how: "adopted" };
}

/** Everything that is known to make a call useless or harmful. */
function refuseIfFutile(
  stored: Credential,
  { rejected, urgent, evenIfRefused, waitedOut }: Waited,
  before: AccountState | undefined,
  { clock, process }: RefresherOptions,
): void {
  if (!before) return;
  const generation = generationId(stored);
  if (before.quarantined === generation && !evenIfRefused) throw signInRequired();
  const { heldBy, trouble, recoveredAt } = before;
  // The stored refresh token is spent: using it again would revoke the one that the other process has. The
  // generation does not tell, because that process may have refreshed again.
  if (heldBy !== undefined && heldBy !== process.pid && process.isAlive(heldBy)) throw heldElsewhere(heldBy);
  const now = clock.now();
  const sinceRecovery = recoveredAt === undefined ? -1 : now - recoveredAt;
  const again = rejected && sinceRecovery >= 0 && sinceRecovery < RECENTLY_MS;
  if (again && freshness(stored, now) !== "expired") throw tokenRejected(stored);
  // Another process may have failed while this one waited for the lock.
  const ms = msToWait(trouble, urgent, now);
  if (trouble && ms > 0 && trouble.failedAt !== waitedOut?.failedAt) throw backingOff(trouble, now, ms);
}

/**
 * Writes the current record back. A store that reads and does not write (a full disk, a read-only mount, a file
 * that another program keeps open) would lose the new tokens; here nothing is spent yet.
 */
async function proveWritable(call: Call, options: RefresherOptions, lockTime: AbortSignal): Promise<void> {
  const { stored, before } = call;
  try {
    await orGiveUp(options.store.write(stored), lockTime);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    // This process keeps the newest tokens in memory already, because the keychain refused them: it goes on.
    if (before?.heldBy === options.process.pid) return;
    // An intent of an earlier refresh says more than this one: it stays.
    await recordFailure(error, call, before?.intent === undefined, options);
    throw notWritable(error);
  }
}

async function afterRefusal(
  error: unknown,
  call: Call,
  options: RefresherOptions,
  lockTime: AbortSignal,
): Promise<Refreshed> {
  const { stored, before } = call;
  const { state, store } = options;
  const { account } = stored;
  if (!isAuthError(error, "grant_rejected")) {
    await recordFailure(error, call, leftTheToken(codeOf(error)), options);
    throw passing(error);
  }
  // Somebody may have signed in without waiting for the lock.
  const again = await orGiveUp(store.read(account), lockTime).catch(() => undefined);
  if (again && latest(again, stored) !== stored && generationId(again) !== generationId(stored)) {
    return adopt(again, before, options);
  }
  const outcome = outcomeOf(error.code, call, options);
  await record(() => state.quarantine(account, generationId(stored), outcome));
  throw signInRequired(before?.intent === generationId(stored));
}

const codeOf = (error: unknown): ErrorCode => (isAuthError(error) ? error.code : "portal_timed_out");

function outcomeOf(code: ErrorCode, { started }: Call, { clock }: RefresherOptions): Outcome {
  return { at: clock.now(), code, durationMs: clock.monotonic() - started };
}

/** For all processes: that a refresh failed, and when to try again. */
async function recordFailure(
  error: unknown,
  call: Call,
  endIntent: boolean,
  options: RefresherOptions,
): Promise<void> {
  const outcome = outcomeOf(codeOf(error), call, options);
  const retryAfterSeconds = isAuthError(error) ? error.text.retryAfterSeconds : undefined;
  const failure = { code: codeOf(error), now: outcome.at, retryAfterSeconds };
  const trouble = afterFailure(call.before?.trouble, failure, options.random);
  await record(() => options.state.fail(call.stored.account, trouble, endIntent, outcome));
}

/** Whether the answer shows that the refresh token was not spent. Without a clear answer it may have been. */
function leftTheToken(code: ErrorCode): boolean {
  const beforeTheToken = code === "portal_proxy_refused" || code === "portal_certificate";
  return beforeTheToken || code === "portal_refused" || code === "portal_redirected";
}

function renewed({ stored, startedAt }: Call, issued: IssuedTokens): Credential {
  const scope = issued.scope ?? stored.scope;
  return {
    ...stored,
    accessToken: issued.accessToken,
    refreshToken: issued.refreshToken ?? stored.refreshToken,
    expiresAt: Math.round(issued.expiresAt),
    // The call's start: a clock that was set during the call then does not change the token's life.
    obtainedAt: startedAt,
    baseUrl: issued.baseUrl ?? stored.baseUrl,
    generation: stored.generation + 1,
    ...(issued.issuer === undefined ? {} : { issuer: issued.issuer }),
    ...(scope === undefined ? {} : { scope }),
  };
}
