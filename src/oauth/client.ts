import * as openid from "openid-client";
import type { Clock } from "../base/clock.ts";
import { reveal, Secret } from "../base/secret.ts";
import { busyServer, isBusy } from "../http/busy-server.ts";
import type { Http } from "../http/http.ts";
import { isLoopback } from "../http/loopback.ts";
import {
  type DeviceAuthorization,
  deviceAuthorization,
  type Server,
  type TokenSet,
  tokenSet,
} from "./answers.ts";
import { asAuthError } from "./errors.ts";
import { type PollOptions, pollForTokens } from "./poll.ts";

export interface OAuthClientOptions {
  readonly server: Server;
  /** Carries every request; a server with a dialect of its own is translated here. */
  readonly http: Http;
  readonly clock: Clock;
}

export interface OAuthClient {
  /** Step 1 of the device flow (RFC 8628 §3.1), with PKCE S256 and `state`. */
  authorizeDevice(signal?: AbortSignal): Promise<DeviceAuthorization>;
  /** Step 2: waits until the person has decided (RFC 8628 §3.4). */
  waitForTokens(authorization: DeviceAuthorization, options?: Omit<PollOptions, "clock">): Promise<TokenSet>;
  /** RFC 6749 §6; the scope is left out, so that it is never widened. */
  refresh(refreshToken: Secret): Promise<TokenSet>;
  /** RFC 7009 §2.1; also ends the access tokens of the same sign-in. Nothing is sent to a server without an endpoint for it. */
  revoke(refreshToken: Secret, signal?: AbortSignal): Promise<void>;
}

const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** A public OAuth client. Every method throws AuthError only. */
export function createOAuthClient({ server, http, clock }: OAuthClientOptions): OAuthClient {
  const configuration = (signal?: AbortSignal) => configurationFor(server, { http, clock, signal });
  return {
    async authorizeDevice(signal) {
      const codeVerifier = openid.randomPKCECodeVerifier();
      const parameters = {
        scope: server.scope,
        state: openid.randomState(),
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: "S256",
      };
      const sentAt = clock.now();
      const answer = await openid
        .initiateDeviceAuthorization(configuration(signal), parameters)
        .catch(rethrow);
      return deviceAuthorization(answer, new Secret(codeVerifier), sentAt);
    },

    waitForTokens(authorization, options = {}) {
      const request = async (signal: AbortSignal | undefined) => {
        const sentAt = clock.now();
        const answer = await openid.genericGrantRequest(configuration(signal), DEVICE_CODE_GRANT, {
          device_code: reveal(authorization.deviceCode),
          code_verifier: reveal(authorization.codeVerifier),
        });
        return tokenSet(answer, sentAt, server.scope);
      };
      return pollForTokens(request, authorization, { ...options, clock });
    },

    async refresh(refreshToken) {
      const sentAt = clock.now();
      const answer = await openid.refreshTokenGrant(configuration(), reveal(refreshToken)).catch(rethrow);
      return tokenSet(answer, sentAt, server.scope);
    },

    async revoke(refreshToken, signal) {
      if (server.revocationEndpoint === undefined) return;
      const hint = { token_type_hint: "refresh_token" };
      await openid.tokenRevocation(configuration(signal), reveal(refreshToken), hint).catch(rethrow);
    },
  };
}

function rethrow(error: unknown): never {
  throw asAuthError(error);
}

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
