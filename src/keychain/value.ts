import { keychainError } from "./errors.ts";
import type { StoreName } from "./keychain.ts";
import type { ChildRequest } from "./os/protocol.ts";

/** Throws `keychain_refused` for a name that no store can hold. */
export function checkAccount(store: StoreName, operation: ChildRequest["operation"], account: string): void {
  const fault = faultOf(account);
  if (fault !== undefined) refuse(store, operation, `the account name ${fault}`);
}

/** Throws `keychain_refused` for a value that some binding would reject, cut off or alter. */
export function checkValue(store: StoreName, value: string): void {
  const fault = faultOf(value);
  if (fault !== undefined) refuse(store, "set", `the value ${fault}`);
}

function faultOf(text: string): string | undefined {
  if (text === "") return "is empty";
  if (text.includes("\0")) return "contains a NUL character";
  return text.isWellFormed() ? undefined : "is not well-formed Unicode";
}

function refuse(store: StoreName, operation: ChildRequest["operation"], detail: string): never {
  throw keychainError({ code: "keychain_refused", store, operation, detail });
}
