import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch as undiciFetch } from "undici";
import { cancelled, isAuthError } from "../base/error.ts";
import { deadlineIn } from "../base/waiting.ts";
import { failure, insecure, malformed, redirected, timedOut, tooLarge } from "./errors.ts";
import { isConfidential, isLoopback } from "./loopback.ts";
import { proxySettings } from "./proxy.ts";

export interface HttpOptions {
  /** Where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (either case) are read. */
  readonly env: NodeJS.ProcessEnv;
  /** From the request's start to the answer's last byte. */
  readonly deadlineMs?: number;
  /** Longest answer accepted, after decompression. */
  readonly maxBytes?: number;
}

export type Http = (url: string, init: RequestInit) => Promise<Response>;

const DEADLINE_MS = 15_000;
const MAX_BYTES = 1024 * 1024;
/** Set, because `NODE_TLS_REJECT_UNAUTHORIZED=0` in the environment must not switch the check off. */
const TLS = { rejectUnauthorized: true };

/**
 * One HTTP exchange over undici: through the environment's proxy, inside a deadline, with a cap on the
 * answer's size, and never following a redirect (it would carry credentials along: RFC 9700 §4.12).
 * Plain HTTP goes to this machine only, and never through a proxy.
 * @throws AuthError `portal_unreachable`, `portal_proxy_refused`, `portal_certificate`, `portal_timed_out`,
 * `portal_redirected`, `answer_invalid`, `answer_too_large`, `endpoint_rejected`, `config_invalid`, `cancelled`
 */
export function createHttp({ env, deadlineMs = DEADLINE_MS, maxBytes = MAX_BYTES }: HttpOptions): Http {
  const direct = new Agent({ connect: TLS });
  let proxied: Dispatcher | undefined;
  const dispatcherFor = (url: URL): Dispatcher => {
    if (isLoopback(url.hostname)) return direct;
    proxied ??= new EnvHttpProxyAgent({
      ...proxySettings(env),
      connect: TLS,
      requestTls: TLS,
      proxyTls: TLS,
    });
    return proxied;
  };

  return async (target, init) => {
    const url = new URL(target);
    if (!isConfidential(url)) throw insecure(url.host);
    const dispatcher = dispatcherFor(url);
    const deadline = deadlineIn(deadlineMs);
    const signal = init.signal ? AbortSignal.any([init.signal, deadline.signal]) : deadline.signal;
    try {
      const response = await undiciFetch(url, {
        ...(init as object),
        redirect: "manual",
        signal,
        dispatcher,
      });
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw redirected(url.host, response.status);
      }
      if (response.status < 200 || response.status > 599) throw malformed(url.host);
      const body = await readCapped(response.body as ReadableStream<Uint8Array> | null, maxBytes, url.host);
      return new Response(body, { status: response.status, headers: [...response.headers] });
    } catch (error) {
      if (isAuthError(error)) throw error;
      if (init.signal?.aborted) throw cancelled();
      if (deadline.signal.aborted) throw timedOut(url.host, deadlineMs);
      throw failure(url.host, error);
    } finally {
      deadline.clear();
    }
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
