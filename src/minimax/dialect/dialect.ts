import type * as z from "zod";
import type { Clock } from "../../base/clock.ts";
import { AuthError, SIGN_IN_COMMAND } from "../../base/error.ts";
import { plainText, quotable } from "../../base/text.ts";
import { busyServer, isBusy } from "../../http/busy-server.ts";
import type { Http } from "../../http/http.ts";
import { signInPage } from "../addresses.ts";
import { answerEnvelope } from "../envelope.ts";
import { DEVICE_CODE_GRANT, DEVICE_CODE_PATH, TOKEN_PATH, USER_CODE_GRANT } from "../regions.ts";
import { deviceCodeAnswer, tokenAnswer } from "./answers.ts";
import { clockSkewMs, type ExpiryContext, remainingLifeMs } from "./expiry.ts";
import { type Grant, oauthErrorIn } from "./oauth-errors.ts";

export interface DialectOptions {
  readonly clock: Clock;
  /** Origins that the configuration put in place of MiniMax's. */
  readonly configuredOrigins: readonly string[];
  /** A fresh UUID for `x-request-id`. */
  readonly requestId: () => string;
}

const DEFAULT_INTERVAL_MS = 2_000;
const SHORTEST_INTERVAL_MS = 100;
/** A longer one would have the person wait for nothing after the approval. */
const LONGEST_INTERVAL_MS = 60_000;
const LONGEST_CODE_LIFE_MS = 24 * 3_600_000;
const LONGEST_TOKEN_LIFE_MS = 10 * 365 * 24 * 3_600_000;
/** For refreshed tokens whose life the answer does not say: the tokens before them are spent. */
const UNTOLD_LIFE_MS = 10 * 60_000;

/**
 * Translates between the standard and MiniMax's dialect: requests of RFC 8628 and RFC 6749 go out in MiniMax's
 * form, its answers come back in the standard's. The user code doubles as the device code. Requests to
 * other endpoints (RFC 7009 revocation) pass as they are.
 * @throws AuthError `answer_invalid`, `state_mismatch`, `portal_unavailable`
 */
export function translateDialect(send: Http, options: DialectOptions): Http {
  return async (url, init) => {
    const form = new URLSearchParams(init.body as URLSearchParams);
    const grant = grantOf(url, form);
    if (grant === undefined) return send(url, init);
    const response = await send(url, outgoing(init, form, grant, options));
    const context = { now: options.clock.now(), serverNow: serverTime(response) };
    const body = await json(response);
    // New tokens count, whatever else the answer says: the old refresh token is spent.
    if (grant === "refresh" && hasNewTokens(body)) return tokens(body, grant, context);
    const error = oauthErrorIn(answerEnvelope.parse(body ?? {}), grant, response.status);
    if (error) {
      if (isBusy(response.status) && !(body as { error?: unknown }).error)
        throw busyServer(response, options.clock);
      return answer(400, error);
    }
    if (!response.ok || body === undefined) throw busyServer(response, options.clock);
    if (grant === "device") return deviceCode(body, form, context, options);
    return unfinished(body) ?? tokens(body, grant, context);
  };
}

function grantOf(url: string, form: URLSearchParams): Grant | undefined {
  const { pathname } = new URL(url);
  if (pathname.endsWith(DEVICE_CODE_PATH)) return "device";
  if (!pathname.endsWith(TOKEN_PATH)) return undefined;
  return form.get("grant_type") === "refresh_token" ? "refresh" : "user_code";
}

function outgoing(
  init: RequestInit,
  form: URLSearchParams,
  grant: Grant,
  options: DialectOptions,
): RequestInit {
  const headers = new Headers(init.headers);
  headers.set("x-request-id", options.requestId());
  if (grant === "device") form.set("response_type", "code");
  if (form.get("grant_type") === DEVICE_CODE_GRANT) {
    form.set("grant_type", USER_CODE_GRANT);
    form.set("user_code", form.get("device_code") ?? "");
    form.delete("device_code");
  }
  return { ...init, headers, body: form };
}

function deviceCode(
  body: object,
  form: URLSearchParams,
  context: ExpiryContext,
  options: DialectOptions,
): Response {
  const given = parsed(deviceCodeAnswer, body, "sign-in code");
  if (given.state !== form.get("state")) throw stateMismatch();
  const page = signInPage(given.verification_uri, options.configuredOrigins);
  if (page === undefined) throw invalid("sign-in code", "its sign-in page is not on MiniMax's hosts");
  const life = lifeSeconds(given.expired_in, context, LONGEST_CODE_LIFE_MS);
  if (life === undefined) throw absurdExpiry("sign-in code", context);
  return answer(200, {
    device_code: given.user_code,
    user_code: plainText(given.user_code, 64),
    verification_uri: page,
    expires_in: life,
    interval: intervalMs(given.interval) / 1000,
  });
}

/** MiniMax counts in ms, RFC 8628 §3.2 in seconds; nobody asks to be asked more than ten times a second. */
function intervalMs(given: number | null | undefined): number {
  if (!given || given <= 0) return DEFAULT_INTERVAL_MS;
  return Math.min(LONGEST_INTERVAL_MS, given < SHORTEST_INTERVAL_MS ? given * 1000 : given);
}

function hasNewTokens(body: object | undefined): body is object {
  const { access_token: access, refresh_token: refresh } = (body ?? {}) as Record<string, unknown>;
  return [access, refresh].every((token) => typeof token === "string" && token !== "");
}

/** The error that a `status` other than "success" stands for. */
function unfinished(body: object): Response | undefined {
  const { status } = body as { status?: unknown };
  if (typeof status !== "string" || status === "success") return undefined;
  if (status === "pending") return answer(400, { error: "authorization_pending" });
  // An unknown word is no refusal: the sign-in goes on, a refresh is tried again.
  return answer(400, { error: "temporarily_unavailable", error_description: quotable(status, 40) });
}

function tokens(body: object, grant: Grant, context: ExpiryContext): Response {
  const given = parsed(tokenAnswer, body, "token");
  return answer(200, {
    access_token: given.access_token,
    ...(given.refresh_token ? { refresh_token: given.refresh_token } : {}),
    // MiniMax may omit it; RFC 6750 tokens are all that it issues.
    token_type: given.token_type || "bearer",
    expires_in: tokenLifeSeconds(given.expired_in, grant, context),
    ...(given.scope ? { scope: given.scope } : {}),
    ...(given.resource_url ? { resource_url: given.resource_url } : {}),
    ...(given.notification_message ? { notification_message: given.notification_message } : {}),
  });
}

/** A new sign-in can be made again; the tokens of a refresh are all that is left of one. */
function tokenLifeSeconds(expiredIn: number | undefined, grant: Grant, context: ExpiryContext): number {
  const life = lifeSeconds(expiredIn, context, LONGEST_TOKEN_LIFE_MS);
  if (life !== undefined) return life;
  if (grant === "refresh") return UNTOLD_LIFE_MS / 1000;
  throw absurdExpiry("token", context);
}

/** Seconds, with fractions: rounding down would end a short life at once. Undefined where it makes no sense. */
function lifeSeconds(
  expiredIn: number | undefined,
  context: ExpiryContext,
  longestMs: number,
): number | undefined {
  const life = expiredIn === undefined ? undefined : remainingLifeMs(expiredIn, context);
  return life === undefined || life <= 0 || life > longestMs ? undefined : life / 1000;
}

function parsed<T>(schema: z.ZodType<T>, body: object, what: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = [...new Set(result.error.issues.map((issue) => String(issue.path[0] ?? "answer")))];
  throw invalid(what, `missing or wrong: ${fields.join(", ")}`);
}

async function json(response: Response): Promise<object | undefined> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    if (response.ok && text.trim() !== "") throw invalid("answer", "it is not JSON");
    return undefined;
  }
}

function serverTime(response: Response): number | undefined {
  const time = Date.parse(response.headers.get("date") ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function answer(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function absurdExpiry(what: string, context: ExpiryContext): AuthError {
  const skew = Math.round(clockSkewMs(context) / 1000);
  const clocks = `; this machine's clock is ${Math.abs(skew)} s ${skew > 0 ? "behind" : "ahead of"} MiniMax's`;
  return invalid(what, `its expiry makes no sense${skew === 0 ? "" : clocks}`);
}

function invalid(what: string, why: string): AuthError {
  return new AuthError("answer_invalid", {
    what: `MiniMax sent a ${what} that cannot be used: ${why}.`,
    kept: "Nothing was changed.",
    next: `Try again in a minute: \`${SIGN_IN_COMMAND}\`.`,
  });
}

function stateMismatch(): AuthError {
  return new AuthError("state_mismatch", {
    what: "The answer does not belong to this sign-in: its `state` is not the one that was sent.",
    kept: "Nothing was changed.",
    next: `Check that nothing interferes with your connection, then start again: \`${SIGN_IN_COMMAND}\`.`,
  });
}
