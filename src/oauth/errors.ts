import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from "openid-client";
import { AuthError, isAuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import { quotable } from "../base/text.ts";

/**
 * What openid-client threw, as an error of ours. The original is not attached as a cause: it may hold
 * the answer's body, and with it a token.
 */
export function asAuthError(error: unknown): AuthError {
  for (let at = error; at instanceof Error; at = at.cause) if (isAuthError(at)) return at;
  if (error instanceof ResponseBodyError) return errorFor(error.error, error.error_description);
  if (error instanceof WWWAuthenticateChallengeError) return errorFor("invalid_client", undefined);
  const code = error instanceof ClientError ? ` (${error.code ?? "no code"})` : "";
  return new AuthError("answer_invalid", {
    what: `MiniMax's sign-in server sent an answer that cannot be used${code}.`,
    next: `Try again in a minute: \`${SIGN_IN_COMMAND}\`.`,
  });
}

/** The OAuth error code of a refusal (RFC 6749 §5.2, RFC 8628 §3.5), if `error` is one. */
export function oauthErrorCode(error: unknown): string | undefined {
  return error instanceof ResponseBodyError ? error.error : undefined;
}

function errorFor(code: string, description: unknown): AuthError {
  const again = `Start again: \`${SIGN_IN_COMMAND}\`.`;
  switch (code) {
    case "access_denied":
      return new AuthError("access_denied", {
        what: "The sign-in was denied in the browser.",
        kept: "Nothing was changed.",
        next: `If that was a mistake, start again: \`${SIGN_IN_COMMAND}\`.`,
      });
    case "expired_token":
      return codeExpired();
    case "invalid_grant":
      return new AuthError("grant_rejected", {
        what: "MiniMax no longer accepts this sign-in.",
        next: again,
      });
    case "server_error":
    case "temporarily_unavailable":
      return new AuthError("portal_unavailable", {
        what: `MiniMax's sign-in server cannot answer just now (${describe(description)}).`,
        next: `Try again in a minute: \`${SIGN_IN_COMMAND}\`.`,
      });
    default:
      return new AuthError("portal_refused", {
        what: `MiniMax refused the sign-in (${quotable(code, 40)}: ${describe(description)}).`,
        next: again,
      });
  }
}

/** openid-client does not check that it is a text. */
const describe = (description: unknown) =>
  (typeof description === "string" && quotable(description, 160)) || "no reason given";

/** A machine's clock is never quite right; below this nothing is worth saying. */
const DRIFT_WORTH_SAYING_MS = 5_000;

/**
 * @param driftMs by how much this machine's clock was moved, or slept through, while it waited
 * @param trouble what kept the last polls from being answered
 */
export function codeExpired(driftMs = 0, trouble?: AuthError): AuthError {
  const seconds = Math.round(driftMs / 1000);
  const drift = `this machine slept, or its clock was moved by ${seconds} s, meanwhile`;
  const notes = [
    ...(Math.abs(driftMs) > DRIFT_WORTH_SAYING_MS ? [drift] : []),
    ...(trouble ? [`MiniMax could not be asked: ${trouble.code}`] : []),
  ];
  const because = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  return new AuthError("code_expired", {
    what: `The sign-in code expired before it was approved${because}.`,
    kept: "Nothing was changed.",
    next: `Start again for a new code: \`${SIGN_IN_COMMAND}\`.`,
  });
}
