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

/**
 * The OAuth error that MiniMax's envelope stands for, or undefined when it reports none. MiniMax says
 * most things in words, so words decide; what they do not tell is held to be passing, because taking
 * a passing fault for a refusal would cost a login.
 */
export function oauthErrorIn(envelope: AnswerEnvelope, grant: Grant): OAuthError | undefined {
  const code = envelope.base_resp?.status_code ?? 0;
  const failed = envelope.error || envelope.status === "error" || code !== 0;
  if (!failed) return undefined;
  const words = [envelope.error, envelope.error_description, envelope.base_resp?.status_msg]
    .filter((part) => typeof part === "string" && part !== "")
    .join(": ");
  const description = quotable(words, 160) || (code === 0 ? "no reason given" : `code ${code}`);
  return { error: errorFor(envelope.error ?? "", words, code, grant), error_description: description };
}

function errorFor(error: string, words: string, code: number, grant: Grant): string {
  // RFC 8628 has it for a code; of a refresh it can only mean the refresh token.
  if (error === "expired_token" && grant === "refresh") return "invalid_grant";
  if (STANDARD_ERRORS.has(error)) return error;
  if (/invalid_grant|refresh_token_reused|revoked|reused/i.test(words)) return "invalid_grant";
  if (/expired/i.test(words)) return grant === "refresh" ? "invalid_grant" : "expired_token";
  if (/\bden(y|ied)\b|reject|declin|cancel/i.test(words) && grant === "user_code") return "access_denied";
  return grant === "refresh" || meaningOf(code) === "passing" ? "temporarily_unavailable" : "invalid_request";
}
