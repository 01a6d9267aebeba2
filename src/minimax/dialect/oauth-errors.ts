import { quotable } from "../../base/text.ts";
import { meaningOf } from "../api/errors.ts";
import type { AnswerEnvelope } from "../envelope.ts";

/** An OAuth error as RFC 6749 §5.2 and RFC 8628 §3.5 write it. */
export interface OAuthError {
  readonly error: string;
  readonly error_description: string;
}

export type Grant = "device" | "user_code" | "refresh";

const STANDARD_ERRORS = new Set([
  "authorization_pending",
  "slow_down",
  "access_denied",
  "expired_token",
  "invalid_grant",
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
  "invalid_request",
  "temporarily_unavailable",
  "server_error",
]);

/** Codes that mean the refresh token itself, and words that do: both name it, or the grant. */
const REFRESH_TOKEN_OVER = [
  /invalid_grant/i,
  /refresh[ _-]?token.*(invalid|revoked|reused|expired|used)|(invalid|revoked|reused|expired|used).*refresh[ _-]?token/i,
  /\btoken (is |was |has been )?(revoked|reused)\b/i,
];

/**
 * The OAuth error that MiniMax's envelope stands for, or undefined when it reports none. MiniMax says most
 * things in words, so words decide. What they do not tell counts as passing: taking a passing fault for a
 * refusal would cost a sign-in.
 */
export function oauthErrorIn(
  envelope: AnswerEnvelope,
  grant: Grant,
  httpStatus: number,
): OAuthError | undefined {
  const code = envelope.base_resp?.status_code ?? 0;
  const failed = envelope.error || envelope.status === "error" || code !== 0;
  if (!failed) return undefined;
  const words = [envelope.error, envelope.error_description, envelope.base_resp?.status_msg]
    .filter((part) => typeof part === "string" && part !== "")
    .join(": ");
  const description = quotable(words, 160) || (code === 0 ? "no reason given" : `code ${code}`);
  const error = envelope.error ?? "";
  const isRefresh = grant === "refresh";
  return {
    error: isRefresh ? refreshError(error, words, httpStatus) : signInError(error, words, code, grant),
    error_description: description,
  };
}

/**
 * What a refused refresh means. `invalid_grant` ends a sign-in, so it takes the server's own refusal of the
 * refresh token: HTTP 400 or 401 (RFC 6749 §5.2), or MiniMax's HTTP 200. Any other status comes from something
 * else, which may quote anything. A refusal in words that are not known is `invalid_request`: it is tried again.
 */
function refreshError(error: string, words: string, httpStatus: number): string {
  if (![200, 400, 401].includes(httpStatus)) return "temporarily_unavailable";
  // RFC 8628 has it for a code; of a refresh it can only mean the refresh token.
  if (error === "expired_token") return "invalid_grant";
  if (STANDARD_ERRORS.has(error)) return error;
  if (REFRESH_TOKEN_OVER.some((pattern) => pattern.test(words))) return "invalid_grant";
  return httpStatus === 200 ? "temporarily_unavailable" : "invalid_request";
}

function signInError(error: string, words: string, code: number, grant: Grant): string {
  if (STANDARD_ERRORS.has(error)) return error;
  if (/invalid_grant|refresh_token_reused|revoked|reused/i.test(words)) return "invalid_grant";
  if (/expired/i.test(words)) return "expired_token";
  if (/\bden(y|ied)\b|reject|declin|cancel/i.test(words) && grant === "user_code") return "access_denied";
  return meaningOf(code) === "passing" ? "temporarily_unavailable" : "invalid_request";
}
