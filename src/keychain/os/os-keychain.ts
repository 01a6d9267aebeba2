import { existsSync } from "node:fs";
import { DEADLINES } from "../../base/deadlines.ts";
import { AuthError, isAuthError } from "../../base/error.ts";
import { maskSecrets, Secret } from "../../base/secret.ts";
import { deadlineIn } from "../../base/waiting.ts";
import { checkAccount, checkValue, codeOfMessage, keychainError } from "../errors.ts";
import { type CallOptions, type Keychain, type KeychainOptions, SERVICE } from "../keychain.ts";
import { isKeyringLocked } from "./dbus/locked.ts";
import { askLockedBeforeDeadline, oneAtATime, type Prompting, promptingOf } from "./prompts.ts";
import type { Binding, ChildAnswer, ChildRequest } from "./protocol.ts";
import { ChildFailed, runChild } from "./run-child.ts";

type Call = Pick<ChildRequest, "operation" | "account"> & { value?: string };
type Done = Extract<ChildAnswer, { ok: true }>;

/** The operating system's keychain through a native binding, each call in a child process of its own. */
export function osKeychain(binding: Binding, options: KeychainOptions): Keychain {
  const perform = (call: Call, limits: CallOptions = {}) => callBinding(binding, call, options, limits);
  return {
    store: binding,
    async get(account, limits) {
      checkAccount(binding, "get", account);
      return (await perform({ operation: "get", account }, limits)).value;
    },
    async set(account, value, limits) {
      checkAccount(binding, "set", account);
      checkValue(binding, value);
      await perform({ operation: "set", account, value }, limits);
    },
    async delete(account, limits) {
      checkAccount(binding, "delete", account);
      return (await perform({ operation: "delete", account }, limits)).deleted === true;
    },
  };
}

async function callBinding(
  binding: Binding,
  call: Call,
  options: KeychainOptions,
  { deadlineMs = options.defaultDeadlineMs ?? DEADLINES.keychain, signal, attended = false }: CallOptions,
): Promise<Done> {
  const failure = { store: binding, operation: call.operation };
  const reason = () =>
    keychainError({ ...failure, code: "keychain_timed_out", detail: `no answer within ${deadlineMs} ms` });
  const locked = (detail: string) => keychainError({ ...failure, code: "keychain_locked", detail });
  const isLocked = (giveUp: AbortSignal) => isKeyringLocked(options.env, giveUp, options.platform);
  const prompting = promptingOf(options.env);
  const request: ChildRequest = { binding, service: SERVICE, deadlineMs, ...call };
  signal?.throwIfAborted();
  const started = performance.now();
  const deadline = deadlineIn(deadlineMs, { reason });
  const wasLocked = askLockedBeforeDeadline(deadlineMs, isLocked);
  const giveUp = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
  try {
    if (!attended && !prompting.mayPrompt && (await isLocked(giveUp))) {
      throw locked("this process has asked for it to be unlocked before");
    }
    const answer = await oneAtATime(() => runChild(request, options, giveUp), giveUp);
    if (!answer.ok) throw errorOf(answer, binding, call);
    // keytar gives these two answers for a locked keyring as well.
    const nothing = call.operation !== "set" && answer.value === undefined && answer.deleted !== true;
    if (binding === "keytar" && nothing && (await isLocked(giveUp))) {
      throw locked("keytar calls it empty");
    }
    prompting.mayPrompt = true;
    return answer;
  } catch (error) {
    // The child keeps the same deadline, and ends itself where this process stood still.
    const late = error instanceof ChildFailed && !error.gone && performance.now() - started >= deadlineMs;
    const how = { prompting, wasLocked: wasLocked.answer, locked, failure, childPath: options.childPath };
    throw await explained(late ? reason() : error, how);
  } finally {
    deadline.clear();
    wasLocked.clear();
  }
}

interface Explaining {
  readonly prompting: Prompting;
  readonly wasLocked: () => Promise<boolean | undefined>;
  readonly locked: (detail: string) => AuthError;
  readonly failure: Pick<Parameters<typeof keychainError>[0], "store" | "operation">;
  readonly childPath: string;
}

async function explained(error: unknown, how: Explaining): Promise<unknown> {
  if (error instanceof ChildFailed) {
    if (error.gone || !existsSync(how.childPath)) return helperGone(how.childPath);
    const detail = `the helper ${how.childPath} failed: ${error.message}`;
    return keychainError({ ...how.failure, code: "keychain_unavailable", detail });
  }
  const late = isAuthError(error, "keychain_timed_out");
  const locked = late && (await how.wasLocked());
  if (locked || isAuthError(error, "keychain_locked")) how.prompting.mayPrompt = false;
  return locked ? how.locked("nobody answered its prompt in time") : error;
}

/** An upgrade deletes the Node, an update the script, that a gateway still runs on. */
function helperGone(childPath: string): AuthError {
  return new AuthError("keychain_unavailable", {
    what: `The keychain's helper cannot be started any more: ${process.execPath} or ${childPath} is gone, as after an update.`,
    kept: "What the keychain holds was not touched.",
    next: "Start OpenClaw anew: `openclaw gateway restart`.",
  });
}

function errorOf(answer: Extract<ChildAnswer, { ok: false }>, store: Binding, call: Call): AuthError {
  const detail = maskSecrets(answer.message, [new Secret(call.value ?? "")]);
  const code = answer.phase === "load" ? "keychain_unavailable" : codeOfMessage(answer.message);
  return keychainError({ code, store, operation: call.operation, detail });
}
