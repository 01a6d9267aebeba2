import * as openid from "openid-client";
import type { Clock } from "../safety/clock.ts";
import { reveal, Secret } from "../safety/secret.ts";
import type { Http } from "./http.ts";
import { type PollOptions, pollForTokens } from "./poll.ts";
import { asAuthError } from "./refusals.ts";
import type { DeviceAuthorization, Server, TokenSet } from "./types.ts";

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
  refresh(refreshToken: Secret, signal?: AbortSignal): Promise<TokenSet>;
}

const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** A public OAuth client. Every method throws AuthError only. */
export function createOAuthClient({ server, http, clock }: OAuthClientOptions): OAuthClient {
  return {
    async authorizeDevice(signal) {
      const codeVerifier = openid.randomPKCECodeVerifier();
      const parameters = {
        scope: server.scope,
        state: openid.randomState(),
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: "S256",
      };
      const answer = await openid
        .initiateDeviceAuthorization(configuration(server, http, signal), parameters)
        .catch(rethrow);
      return {
        userCode: answer.user_code,
        verificationUri: answer.verification_uri,
        expiresAt: clock.now() + answer.expires_in * 1000,
        // RFC 8628 §3.2: 5 s when the server names none.
        intervalMs: (answer.interval ?? 5) * 1000,
        deviceCode: new Secret(answer.device_code),
        codeVerifier: new Secret(codeVerifier),
      };
    },

    waitForTokens(authorization, options = {}) {
      const request = async (signal: AbortSignal | undefined) => {
        const sentAt = clock.now();
        const answer = await openid.genericGrantRequest(
          configuration(server, http, signal),
          DEVICE_CODE_GRANT,
          {
            device_code: reveal(authorization.deviceCode),
            code_verifier: reveal(authorization.codeVerifier),
          },
        );
        return tokenSet(answer, sentAt);
      };
      return pollForTokens(request, authorization, { ...options, clock });
    },

    async refresh(refreshToken, signal) {
      const sentAt = clock.now();
      const answer = await openid
        .refreshTokenGrant(configuration(server, http, signal), reveal(refreshToken))
        .catch(rethrow);
      return tokenSet(answer, sentAt);
    },
  };
}

function configuration(server: Server, http: Http, signal: AbortSignal | undefined): openid.Configuration {
  const metadata: openid.ServerMetadata = {
    issuer: server.issuer,
    device_authorization_endpoint: server.deviceAuthorizationEndpoint,
    token_endpoint: server.tokenEndpoint,
  };
  const config = new openid.Configuration(metadata, server.clientId, undefined, openid.None());
  // The deadline is the HTTP layer's; openid-client's own would race it.
  config.timeout = 0;
  config[openid.customFetch] = (url, { method, headers, body }) =>
    http(url, { method, headers, body: body as BodyInit, ...(signal ? { signal } : {}) });
  if (server.issuer.startsWith("http:")) openid.allowInsecureRequests(config);
  return config;
}

/** The life counts from when the request was sent, so that a slow answer never makes a token look younger. */
function tokenSet(answer: openid.TokenEndpointResponse, sentAt: number): TokenSet {
  const extra: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value === "string" && !/token|scope/.test(name)) extra[name] = value;
  }
  return {
    accessToken: new Secret(answer.access_token),
    ...(answer.refresh_token ? { refreshToken: new Secret(answer.refresh_token) } : {}),
    // RFC 6749 §5.1 only recommends expires_in; an hour is the usual life.
    expiresAt: sentAt + (answer.expires_in ?? 3600) * 1000,
    ...(answer.scope ? { scope: answer.scope } : {}),
    extra,
  };
}

function rethrow(error: unknown): never {
  throw asAuthError(error);
}
