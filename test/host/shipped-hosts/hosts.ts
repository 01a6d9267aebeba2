import type { PublicUrls, Region } from "../../../fixtures/portal/index.ts";

/**
 * Where each region's hosts lie inside the namespace. The addresses look public: OpenClaw refuses to
 * send requests to a host name that resolves to a private one.
 */
export const ADDRESSES: Readonly<Record<Region, string>> = { global: "11.22.33.44", cn: "11.22.33.45" };

const DOMAINS: Readonly<Record<Region, string>> = { global: "minimax.io", cn: "minimaxi.com" };
const SUBDOMAINS = ["account", "api", "platform", "www"];

/** MiniMax's own origins of a region. */
export function shippedUrls(region: Region): PublicUrls {
  const origin = (name: string) => `https://${name}.${DOMAINS[region]}`;
  return { authorization: origin("account"), platform: origin("platform"), inference: origin("api") };
}

/** An /etc/hosts that leads both regions' hosts to the stand-in. */
export function hostsFile(): string {
  const lines = (["global", "cn"] as const).map((region) => {
    const names = SUBDOMAINS.map((name) => `${name}.${DOMAINS[region]}`);
    return [ADDRESSES[region], ...names].join(" ");
  });
  return ["127.0.0.1 localhost", "::1 localhost", ...lines, ""].join("\n");
}

/** The names a server certificate must hold to pass for either region. */
export const CERTIFIED_NAMES: readonly string[] = Object.values(DOMAINS).map((domain) => `*.${domain}`);
