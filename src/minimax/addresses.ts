import { AuthError } from "../base/error.ts";
import { plainText } from "../base/text.ts";
import type { Credential } from "../tokens/credential.ts";
import { type EndpointOverrides, type Endpoints, endpointsOf, parseRegion } from "./regions.ts";

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

/**
 * Whether the credential's tokens may go to its base URL, now: the keychain record and the config may have
 * been changed since it was checked at sign-in.
 * @throws AuthError `resource_url_rejected`, `endpoint_rejected`, `region_unknown`
 */
export function checkBaseUrl(
  { baseUrl, region }: Pick<Credential, "baseUrl" | "region">,
  overrides: EndpointOverrides = {},
): void {
  baseUrlFrom(baseUrl, endpointsOf(parseRegion(region), overrides), "The stored sign-in");
}
/** Domains that a MiniMax token may be sent to, with their subdomains (RFC 9700 §4.9; facts "Endpoints"). */
const DOMAINS = ["minimax.io", "minimaxi.com", "minimax.cn"] as const;

/** Whether `url` may receive a token or be opened for a person: HTTPS to MiniMax, or a configured origin. */
export function isAllowed(url: URL, configuredOrigins: readonly string[]): boolean {
  if (configuredOrigins.includes(url.origin)) return true;
  const host = url.hostname.replace(/\.$/, "");
  return (
    url.protocol === "https:" &&
    url.port === "" &&
    DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`))
  );
}

/**
 * The page to send a person to, or undefined when it is not MiniMax's. Old servers name `www.minimax.io`, which
 * shows the home page instead (NousResearch/hermes-agent#19337).
 */
export function signInPage(text: string, configuredOrigins: readonly string[]): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password || !isAllowed(url, configuredOrigins)) return undefined;
  if (!configuredOrigins.includes(url.origin)) {
    url.hostname = url.hostname.replace(/^www\.(?=minimaxi?\.[a-z]+\.?$)/, "platform.");
  }
  return url.href;
}
