import * as openid from "openid-client";
import type { Clock } from "../base/clock.ts";
import { busyServer, isBusy } from "../http/busy-server.ts";
import type { Http } from "../http/http.ts";
import { isLoopback } from "../http/loopback.ts";
import type { Server } from "./types.ts";

interface Exchange {
  readonly http: Http;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** openid-client, set up for one request to `server` as a public client (RFC 8252 §8.5: no secret). */
export function configurationFor(server: Server, { http, clock, signal }: Exchange): openid.Configuration {
  const metadata: openid.ServerMetadata = {
    issuer: server.issuer,
    device_authorization_endpoint: server.deviceAuthorizationEndpoint,
    token_endpoint: server.tokenEndpoint,
    ...(server.revocationEndpoint ? { revocation_endpoint: server.revocationEndpoint } : {}),
  };
  const config = new openid.Configuration(metadata, server.clientId, undefined, openid.None());
  // The deadline is the HTTP layer's; openid-client's own would race it.
  config.timeout = 0;
  config[openid.customFetch] = async (url, { method, headers, body }) => {
    const init = { method, headers, body: body as BodyInit, ...(signal ? { signal } : {}) };
    const response = await http(url, init);
    if (isBusy(response.status) && !(await isRefusal(response))) throw busyServer(response, clock);
    return response;
  };
  const issuer = new URL(server.issuer);
  if (issuer.protocol === "http:" && isLoopback(issuer.hostname)) openid.allowInsecureRequests(config);
  return config;
}

/** Whether a 408, 425 or 429 is an OAuth error in another status than RFC 6749's 400 (`slow_down` with 429). */
async function isRefusal(response: Response): Promise<boolean> {
  if (response.status >= 500) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "string";
}
