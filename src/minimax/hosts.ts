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
