import { AuthError, type ErrorCode, isAuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import type { Trouble } from "./back-off.ts";
import type { Credential } from "./credential.ts";

export const KEPT = "Your sign-in is kept.";

const SERVER = "MiniMax's sign-in server";

export function notSignedIn(account: string): AuthError {
  return new AuthError("sign_in_required", {
    what: `Nobody is signed in to MiniMax (account "${account}"), or the keychain is locked.`,
    next: `Unlock the keychain, or sign in: \`${SIGN_IN_COMMAND}\`.`,
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

/** A failed refresh, for a person whose sign-in goes on. */
export function passing(error: unknown): unknown {
  if (!isAuthError(error)) return error;
  const { what, remedy } = error.text;
  return new AuthError(error.code, {
    ...error.text,
    // Who waits for a model's answer may not know what a host is for. (After "token:" the host blots out a word.)
    what: what.startsWith(SERVER) ? what : `No new token came from ${SERVER}: ${what}`,
    kept: KEPT,
    next: remedy ? `${remedy}. The next request tries again.` : nextAfter(error.code),
  });
}

/** A refusal in words that are not known may be for good: waiting is not all that a person can do. */
function nextAfter(code: ErrorCode): string {
  return code === "portal_refused"
    ? `The next request tries again. If MiniMax keeps refusing, sign in again: \`${SIGN_IN_COMMAND}\`.`
    : "Nothing to do: the next request tries again.";
}

/** The store refused to be written before a refresh; nothing was sent. */
export function notWritable({ code, text }: AuthError): AuthError {
  return new AuthError(code, {
    ...text,
    what: `No refresh was begun, because the new tokens could not be saved: ${text.what}`,
    kept: KEPT,
  });
}

/** What a trouble's code says of its cause, where that is not the server. */
const CAUSES: Partial<Record<ErrorCode, string>> = {
  portal_unreachable: "it cannot be reached",
  portal_proxy_refused: "the proxy in HTTPS_PROXY refuses the connection",
  portal_certificate: "its certificate is not trusted on this machine",
  portal_redirected: "something in between redirects to another address",
};

/** The server failed a moment ago, and is not asked again yet. */
export function backingOff({ code, failures, failedAt }: Trouble, now: number, msLeft: number): AuthError {
  const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000));
  const cause = CAUSES[code];
  const times = failures === 1 ? "once" : `${failures} times`;
  return new AuthError(code, {
    what: `Refreshing at ${SERVER} failed ${times}, most recently ${seconds(now - failedAt)} s ago${cause ? `: ${cause}` : ""}.`,
    kept: KEPT,
    next: `Nothing to do: it is asked again in ${seconds(msLeft)} s.`,
    retryAfterSeconds: seconds(msLeft),
  });
}

/** The provider answered 401 to a token that a refresh had just replaced another one with. */
export function tokenRejected({ region }: Credential): AuthError {
  return new AuthError("token_rejected", {
    what: `MiniMax refused the token at the endpoint "${region}" (HTTP 401), and a fresh one as well.`,
    kept: KEPT,
    next: `Check that your coding plan is active and belongs to this endpoint; for the other one sign in again: \`${SIGN_IN_COMMAND}\`.`,
  });
}

export function heldElsewhere(pid: number): AuthError {
  return new AuthError("keychain_refused", {
    what: `The newest tokens are in the memory of another process (${pid}), because the keychain could not save them.`,
    kept: KEPT,
    next: `Unlock the keychain: that process then stores them by itself. If process ${pid} is something else by now, sign in again: \`${SIGN_IN_COMMAND}\`.`,
  });
}
