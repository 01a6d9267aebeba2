import { EnvHttpProxyAgent, fetch as undiciFetch } from "undici";
import { AuthError, cancelled, isAuthError, SIGN_IN_COMMAND } from "../safety/error.ts";

export interface HttpOptions {
  /** Where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (either case) are read. */
  readonly env: NodeJS.ProcessEnv;
  /** From the request's start to the answer's last byte. */
  readonly deadlineMs?: number;
  /** Longest answer accepted, after decompression. */
  readonly maxBytes?: number;
}

export type Http = (url: string, init: RequestInit) => Promise<Response>;

export const HTTP_DEADLINE_MS = 15_000;
const MAX_BYTES = 1024 * 1024;

/**
 * One HTTP exchange over undici: through the environment's proxy, inside a deadline, with a cap on the
 * answer's size, and never following a redirect (it would carry credentials along: RFC 9700 §4.12).
 * @throws AuthError `portal_unreachable`, `portal_timed_out`, `portal_redirected`, `answer_too_large`, `cancelled`
 */
export function createHttp({ env, deadlineMs = HTTP_DEADLINE_MS, maxBytes = MAX_BYTES }: HttpOptions): Http {
  const dispatcher = new EnvHttpProxyAgent(proxySettings(env));
  return async (url, init) => {
    const host = new URL(url).host;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    try {
      const response = await undiciFetch(url, {
        ...(init as object),
        redirect: "manual",
        signal,
        dispatcher,
      });
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw redirected(host, response.status);
      }
      const body = await readCapped(response.body as ReadableStream<Uint8Array> | null, maxBytes, host);
      return new Response(body, { status: response.status, headers: [...response.headers] });
    } catch (error) {
      if (isAuthError(error)) throw error;
      if (init.signal?.aborted) throw cancelled();
      if (deadline.aborted) throw timedOut(host, deadlineMs);
      throw unreachable(host, error);
    }
  };
}

function proxySettings(env: NodeJS.ProcessEnv): EnvHttpProxyAgent.Options {
  // An empty string, not undefined: undici would fall back to the process's own environment.
  return {
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? "",
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? "",
    noProxy: env.no_proxy ?? env.NO_PROXY ?? "",
  };
}

async function readCapped(body: ReadableStream<Uint8Array> | null, maxBytes: number, host: string) {
  if (!body) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by a throw cancels the stream, which ends the connection.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(host, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The system's own word for a network failure ("ECONNREFUSED"); never a message, which may quote data. */
function networkCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string" && /^[A-Z0-9_]+$/.test(code)) return code;
  }
  return "network error";
}

const RETRY = `Check the connection (and HTTPS_PROXY, if you use one), then run \`${SIGN_IN_COMMAND}\`.`;

function unreachable(host: string, error: unknown): AuthError {
  return new AuthError("portal_unreachable", {
    what: `${host} cannot be reached (${networkCode(error)}).`,
    next: RETRY,
  });
}

function timedOut(host: string, deadlineMs: number): AuthError {
  return new AuthError("portal_timed_out", {
    what: `${host} did not answer within ${deadlineMs / 1000} s.`,
    next: RETRY,
  });
}

function redirected(host: string, status: number): AuthError {
  return new AuthError("portal_redirected", {
    what: `${host} answered with a redirect (HTTP ${status}); sign-in data is never sent on to another address.`,
    kept: "Nothing was changed.",
    next: `Look for a proxy or captive portal in between, then run \`${SIGN_IN_COMMAND}\`.`,
  });
}

function tooLarge(host: string, maxBytes: number): AuthError {
  return new AuthError("answer_too_large", {
    what: `${host} sent an answer larger than ${maxBytes / 1024 / 1024} MB; it was not read.`,
    kept: "Nothing was changed.",
    next: `Look for a proxy or captive portal in between, then run \`${SIGN_IN_COMMAND}\`.`,
  });
}
