import { AuthError } from "../base/error.ts";
import { plainText } from "../base/text.ts";
import { isConfidential } from "../http/loopback.ts";

export type RegionId = "global" | "cn";

export interface Region {
  readonly id: RegionId;
  /** What a person reads: "Global", "CN". */
  readonly label: string;
  /** The host a person knows the region by. */
  readonly apiHost: string;
  readonly endpoints: Endpoints;
}

/** Absolute URLs without a trailing slash. */
export interface Endpoints {
  /** Origin of the authorization server. */
  readonly authorization: string;
  /** Anthropic-compatible base URL. */
  readonly inference: string;
}

export const REGIONS: Readonly<Record<RegionId, Region>> = {
  global: {
    id: "global",
    label: "Global",
    apiHost: "api.minimax.io",
    endpoints: {
      authorization: "https://account.minimax.io",
      inference: "https://api.minimax.io/anthropic",
    },
  },
  cn: {
    id: "cn",
    label: "CN",
    apiHost: "api.minimaxi.com",
    endpoints: {
      authorization: "https://account.minimaxi.com",
      inference: "https://api.minimaxi.com/anthropic",
    },
  },
};

/** What a person calls the region of a stored sign-in; an unknown one keeps its own name. */
export function regionLabel(id: string): string {
  return REGIONS[id as RegionId]?.label ?? id;
}

/** The same with the host that a person knows it by: "Global (api.minimax.io)". */
export function regionWithHost(id: string): string {
  const host = REGIONS[id as RegionId]?.apiHost;
  return host ? `${regionLabel(id)} (${host})` : id;
}

/** Where a plan may be that is not at this region. */
export function otherRegion(id: string): RegionId {
  return id === "cn" ? "global" : "cn";
}

const ALIASES: Readonly<Record<string, RegionId>> = {
  global: "global",
  "api.minimax.io": "global",
  cn: "cn",
  "api.minimaxi.com": "cn",
};

/**
 * The region a person named: `global` or `cn` in any case, or the region's API host.
 * @throws AuthError `region_unknown`
 */
export function parseRegion(text: string): RegionId {
  const region = Object.hasOwn(ALIASES, text.trim().toLowerCase())
    ? ALIASES[text.trim().toLowerCase()]
    : undefined;
  if (region) return region;
  throw new AuthError("region_unknown", {
    what: `"${plainText(text, 40)}" is not a MiniMax endpoint.`,
    kept: "Nothing was changed.",
    next: "Use `--minimax-region global` (api.minimax.io) or `--minimax-region cn` (api.minimaxi.com).",
  });
}

/** Endpoints that the plugin's config puts in place of the shipped ones, for each region. */
export type EndpointOverrides = Partial<Record<RegionId, Partial<Endpoints>>>;

/**
 * The endpoints of a region, with the overrides of the configuration.
 * @throws AuthError `endpoint_rejected` for anything but HTTPS, or HTTP to loopback
 */
export function endpointsOf(region: RegionId, overrides: EndpointOverrides = {}): Endpoints {
  const shipped = REGIONS[region].endpoints;
  const override = overrides[region] ?? {};
  return {
    authorization: override.authorization ? checked(override.authorization) : shipped.authorization,
    inference: override.inference ? checked(override.inference) : shipped.inference,
  };
}

function checked(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && isConfidential(url) && !url.username && !url.search && !url.hash)
    return url.href.replace(/\/+$/, "");
  throw new AuthError("endpoint_rejected", {
    what: "An endpoint in the plugin's config is neither HTTPS nor HTTP to this machine.",
    kept: "Nothing was sent to it.",
    next: "Correct it with `openclaw config set plugins.entries.minimax-keychain.config.endpoints.…`, or remove it with `openclaw config unset plugins.entries.minimax-keychain.config.endpoints`.",
  });
}
/** OpenClaw's public client at MiniMax, the same in both regions; it has no secret (RFC 8252 §8.5). */
export const CLIENT_ID = "78257093-7e40-4613-99e0-527b14b39113";

export const SCOPE = "group_id profile model.completion";

/** Paths on the authorization server. The retired `/oauth/*` answer 307 and are never used. */
export const DEVICE_CODE_PATH = "/oauth2/device/code";

export const TOKEN_PATH = "/oauth2/token";

/** RFC 7009. MiniMax documents none for this client; it is tried and never relied on. */
export const REVOCATION_PATH = "/oauth2/revoke";

export const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export const USER_CODE_GRANT = "urn:ietf:params:oauth:grant-type:user_code";
