import { AuthError } from "../base/error.ts";
import { plainText } from "../base/text.ts";
import { isAllowed } from "./hosts.ts";
import type { Endpoints } from "./regions.ts";

/**
 * The Anthropic-compatible base URL from a token answer's `resource_url`. Real clients disagree on
 * whether it is the API's root or the finished base URL, and it may lack a scheme: all are understood.
 * @param namedBy who named it, for the error
 * @throws AuthError `resource_url_rejected` when it is not HTTPS on MiniMax's hosts
 */
export function baseUrlFrom(
  resourceUrl: string | undefined,
  endpoints: Endpoints,
  namedBy = "The sign-in server",
): string {
  if (!resourceUrl?.trim()) return endpoints.inference;
  const text = resourceUrl.trim();
  const absolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const configured = [endpoints.authorization, endpoints.inference].map((url) => new URL(url).origin);
  const url = URL.canParse(absolute) ? new URL(absolute) : undefined;
  if (!url || url.username || url.password || !isAllowed(url, configured)) {
    throw new AuthError("resource_url_rejected", {
      what: `${namedBy} named an address for requests that is not MiniMax's: ${plainText(url?.host ?? "", 80) || "no URL"}.`,
      kept: "No token was stored or sent there, and nothing was changed.",
      next: "Check that nothing interferes with your connection, then run `openclaw onboard --auth-choice minimax-portal`.",
    });
  }
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path.endsWith("/anthropic") ? path : `${path}/anthropic`}`;
}
