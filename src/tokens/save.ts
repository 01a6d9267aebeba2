import type { Clock } from "../base/clock.ts";
import { LATE_WRITE_MS } from "../base/deadlines.ts";
import { AuthError, isAuthError } from "../base/error.ts";
import { orGiveUp } from "../base/waiting.ts";
import { type Credential, generationId, latest } from "./credential.ts";
import type { AccountState, Awaitable, Outcome, Pointer, Refreshed, RefresherOptions } from "./types.ts";

/** Tries within one hold of the lock. */
const TRIES = 2;

interface Context {
  readonly before: AccountState | undefined;
  readonly recoveredAt: number | undefined;
  /** Monotonic, ms. */
  readonly started: number;
}

/**
 * Puts new tokens in the keychain, and then in the state. A keychain that refuses does not cost them: they
 * come back as unsaved, and the state tells other processes who holds them.
 */
export async function save(
  credential: Credential,
  { before, recoveredAt, started }: Context,
  options: Pick<RefresherOptions, "store" | "state" | "clock" | "process">,
  lockTime: AbortSignal,
): Promise<Refreshed> {
  const { state, clock } = options;
  const unsaved = await write(credential, options, lockTime);
  const outcome = (code: Outcome["code"]): Outcome => ({
    at: clock.now(),
    code,
    durationMs: clock.monotonic() - started,
  });
  if (unsaved) {
    await record(() => state.setHolder(credential.account, options.process.pid, outcome(unsaved.code)));
    return { credential, how: "refreshed", unsaved };
  }
  const pointer = pointerTo(credential, { store: before?.store ?? "", recoveredAt });
  await record(() => state.put(pointer, outcome("refreshed")));
  return { credential, how: "refreshed" };
}

/**
 * Tries once more to store tokens that the keychain refused.
 * @returns what is to be used from now on: `credential`, or what was stored meanwhile
 * @throws AuthError of the keychain
 */
export function saveLater(
  credential: Credential,
  { store, state, lock, clock, process }: RefresherOptions,
): Promise<Credential> {
  const started = clock.monotonic();
  return lock(credential.account, async (lockTime) => {
    const stored = await orGiveUp(store.read(credential.account), lockTime);
    const newest = latest(stored, credential);
    if (newest === credential) await orGiveUp(store.write(credential), lockTime);
    const before = await state.get(credential.account);
    if (before?.generationId !== generationId(newest) || before.heldBy === process.pid) {
      const pointer = pointerTo(newest, { store: before?.store ?? "", recoveredAt: before?.recoveredAt });
      const outcome = { at: clock.now(), code: "saved", durationMs: clock.monotonic() - started } as const;
      await record(() => state.put(pointer, outcome));
    }
    return newest;
  });
}

async function write(
  credential: Credential,
  { store }: Pick<RefresherOptions, "store">,
  lockTime: AbortSignal,
): Promise<AuthError | undefined> {
  let failure: unknown;
  for (let attempt = 0; attempt < TRIES && !lockTime.aborted; attempt++) {
    try {
      await orGiveUp(store.write(credential), lockTime);
      return undefined;
    } catch (error) {
      failure = error;
    }
  }
  if (isAuthError(failure)) return failure;
  return new AuthError("keychain_refused", {
    what: "The keychain did not store the new tokens.",
    kept: "They are kept in memory.",
    next: "Nothing to do: it is tried again.",
  });
}

export function pointerTo(
  credential: Credential,
  { store, recoveredAt }: { readonly store: string; readonly recoveredAt?: number | undefined },
): Pointer & Pick<AccountState, "recoveredAt"> {
  const { account, region, expiresAt } = credential;
  const pointer = { account, store, region, expiresAt, generationId: generationId(credential) };
  return recoveredAt === undefined ? pointer : { ...pointer, recoveredAt };
}

/** A note in the state. A full disk must not cost tokens: what it tells can be had from the keychain. */
export async function record(note: () => Awaitable<void>): Promise<void> {
  try {
    await note();
  } catch (error) {
    if (!isAuthError(error, "state_unavailable")) throw error;
  }
}

/**
 * Waits until what a process left behind is over. A recorded intent may be of one that was killed while its
 * tokens were on their way to the keychain; they then still arrive, although the lock is free.
 */
export async function waitForLateWrite(
  before: Pick<AccountState, "intent"> | undefined,
  clock: Pick<Clock, "sleep">,
  lockTime: AbortSignal,
): Promise<void> {
  if (before?.intent !== undefined) await orGiveUp(clock.sleep(LATE_WRITE_MS), lockTime);
}
