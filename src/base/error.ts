/** Every code this package can report. Codes are stable: scripts and documents may rely on them. */
export type ErrorCode =
  // what a person chose or configured
  | "region_unknown"
  | "account_invalid"
  | "account_unknown"
  | "usage_wrong"
  | "already_signed_in"
  | "login_malformed"
  | "login_missing"
  | "config_invalid"
  | "config_include"
  | "config_not_written"
  | "endpoint_rejected"
  // the conversation with MiniMax
  | "portal_unreachable"
  | "portal_proxy_refused"
  | "portal_certificate"
  | "portal_timed_out"
  | "portal_redirected"
  | "portal_unavailable"
  | "portal_refused"
  | "answer_invalid"
  | "answer_too_large"
  | "state_mismatch"
  | "resource_url_rejected"
  | "issuer_changed"
  | "access_denied"
  | "code_expired"
  | "grant_rejected"
  | "token_rejected"
  // the plan
  | "region_mismatch"
  | "plan_missing"
  | "model_not_in_plan"
  | "quota_exhausted"
  // the keychain
  | "keychain_unavailable"
  | "keychain_locked"
  | "keychain_timed_out"
  | "keychain_refused"
  | "keychain_too_large"
  | "keychain_item_missing"
  | "record_invalid"
  | "store_key_missing"
  | "store_file_unsafe"
  | "store_key_wrong"
  // the state file
  | "state_unavailable"
  // the person
  | "cancelled"
  | "sign_in_required";

/** The command that signs a person in again; most errors end with it. */
export const SIGN_IN_COMMAND = "openclaw onboard --auth-choice minimax-portal";

/** The command that shows what is left of the plan. */
export const USAGE_COMMAND = "openclaw minimax-portal usage";

export interface ErrorText {
  /** What happened, one sentence. */
  readonly what: string;
  /** What was kept or left untouched, one sentence. */
  readonly kept?: string;
  /** What to do next; contains the command to run. */
  readonly next?: string;
  /** What a person has to put right before any other try, without an end; `next` begins with it. */
  readonly remedy?: string;
  /** Seconds the server asked to wait (RFC 9110 §10.2.3 `Retry-After`). */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * The one error type of this package. `message` is complete for a person: what happened, what was
 * kept, the next command, and the code. It never contains a secret.
 */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: ErrorCode;
  readonly text: ErrorText;

  constructor(code: ErrorCode, text: ErrorText) {
    const sentences = [text.what, text.kept, text.next].filter((part) => part !== undefined);
    super(`${sentences.join(" ")} [${code}]`, { cause: text.cause });
    this.code = code;
    this.text = text;
  }
}

/** Whether `error` is an {@link AuthError}, with one of `codes` when any are given. */
export function isAuthError(error: unknown, ...codes: ErrorCode[]): error is AuthError {
  // By name as well as by class: the host loads a plugin's modules more than once in one process.
  const ours = error instanceof Error && error.name === "AuthError" && "code" in error;
  return ours && (codes.length === 0 || codes.includes((error as AuthError).code));
}

/** The person gave up, or the host withdrew the sign-in. */
export function cancelled(): AuthError {
  return new AuthError("cancelled", {
    what: "The sign-in was cancelled.",
    kept: "Nothing was changed.",
    next: `To sign in later: \`${SIGN_IN_COMMAND}\`.`,
  });
}
