import { isAllowed } from "./hosts.ts";

/**
 * The page to send a person to, or undefined when it is not MiniMax's. Old servers name `www.minimax.io`,
 * where the page no longer is and its visitors land on the home page (facts, HA #19337).
 */
export function signInPage(text: string, configuredOrigins: readonly string[]): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password || !isAllowed(url, configuredOrigins)) return undefined;
  if (!configuredOrigins.includes(url.origin)) {
    url.hostname = url.hostname.replace(/^www\.(?=minimaxi?\.[a-z]+\.?$)/, "platform.");
  }
  return url.href;
}
