import { baseUrlFrom } from "./minimax/addresses.ts";
import { type EndpointOverrides, endpointsOf, parseRegion } from "./minimax/regions.ts";
import type { Credential } from "./tokens/credential.ts";

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
