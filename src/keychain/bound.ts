import { maskSecrets, Secret } from "../safety/secret.ts";
import { withDeadline } from "./deadline.ts";
import { codeOfMessage, keychainError } from "./outcome.ts";
import {
  type CallOptions,
  DEFAULT_DEADLINE_MS,
  type Keychain,
  type KeychainOptions,
  SERVICE,
} from "./port.ts";
import type { Binding, ChildAnswer, ChildRequest } from "./protocol.ts";
import { ChildFailed, runChild } from "./run-child.ts";
import { inTurn } from "./turn.ts";
import { checkAccount, checkValue } from "./value.ts";

type Call = Pick<ChildRequest, "operation" | "account"> & { value?: string };
type Done = Extract<ChildAnswer, { ok: true }>;

/** The operating system's keychain through a native binding, each call in a child process of its own. */
export function boundKeychain(binding: Binding, options: KeychainOptions): Keychain {
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
  { deadlineMs = options.defaultDeadlineMs ?? DEFAULT_DEADLINE_MS, signal }: CallOptions,
): Promise<Done> {
  const failure = { store: binding, operation: call.operation };
  const late = () =>
    keychainError({ ...failure, code: "keychain_timed_out", detail: `no answer within ${deadlineMs} ms` });
  const request: ChildRequest = { binding, service: SERVICE, deadlineMs, ...call };
  const answer = await withDeadline({ deadlineMs, signal, late }, (giveUp) =>
    inTurn(() => runChild(request, options, giveUp), giveUp),
  ).catch((error: unknown) => {
    if (!(error instanceof ChildFailed)) throw error;
    const detail = `the helper ${options.childPath} failed: ${error.message}`;
    throw keychainError({ ...failure, code: "keychain_unavailable", detail });
  });
  if (answer.ok) return answer;
  const detail = maskSecrets(answer.message, [new Secret(call.value ?? "")]);
  const code = answer.phase === "load" ? "keychain_unavailable" : codeOfMessage(answer.message);
  throw keychainError({ ...failure, code, detail });
}
