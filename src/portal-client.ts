import { randomUUID } from "node:crypto";
import { baseUrlFrom } from "./minimax/base-url.ts";
import { CLIENT_ID, DEVICE_CODE_PATH, SCOPE, TOKEN_PATH } from "./minimax/client.ts";
import { standardFace } from "./minimax/dialect.ts";
import { type Endpoints, endpointsOf, parseRegion, type RegionId } from "./minimax/regions.ts";
import { createOAuthClient, type OAuthClient } from "./oauth/client.ts";
import { createHttp } from "./oauth/http.ts";
import type { TokenSet } from "./oauth/types.ts";
import type { PortalAuthOptions } from "./options.ts";
import type { Clock } from "./safety/clock.ts";
import type { Credential } from "./tokens/credential.ts";
import { DEADLINES } from "./tokens/deadlines.ts";
import type { IssuedTokens, RefreshGrant } from "./tokens/ports.ts";
import type { PendingSignIn } from "./tokens/sign-in.ts";

/** MiniMax's authorization servers, as the tokens' ports see them. */
export interface PortalClient {
  begin(region: RegionId, signal?: AbortSignal): Promise<PendingSignIn>;
  readonly refresh: RefreshGrant;
  /** Where a region's requests go when no answer said otherwise. */
  baseUrl(region: RegionId): string;
  /** Throws AuthError `resource_url_rejected` for a credential whose base URL is not MiniMax's. */
  checkBaseUrl(credential: Credential): void;
}

type Options = Pick<PortalAuthOptions, "env" | "endpoints"> & { readonly clock: Clock };

export function createPortalClient({ env, endpoints: overrides, clock }: Options): PortalClient {
  const http = createHttp({ env, deadlineMs: DEADLINES.call });
  const endpointsIn = (region: RegionId): Endpoints => endpointsOf(region, overrides);

  const client = (endpoints: Endpoints): OAuthClient =>
    createOAuthClient({
      clock,
      server: {
        issuer: endpoints.authorization,
        deviceAuthorizationEndpoint: endpoints.authorization + DEVICE_CODE_PATH,
        tokenEndpoint: endpoints.authorization + TOKEN_PATH,
        clientId: CLIENT_ID,
        scope: SCOPE,
      },
      http: standardFace(http, {
        clock,
        configuredOrigins: [endpoints.authorization, endpoints.inference].map((url) => new URL(url).origin),
        requestId: randomUUID,
      }),
    });

  return {
    async begin(region, signal) {
      const endpoints = endpointsIn(region);
      const oauth = client(endpoints);
      const authorization = await oauth.authorizeDevice(signal);
      return {
        userCode: authorization.userCode,
        verificationUri: authorization.verificationUri,
        expiresAt: authorization.expiresAt,
        wait: async (onWait, waitSignal) =>
          issued(await oauth.waitForTokens(authorization, { onWait, signal: waitSignal }), (url) =>
            baseUrlFrom(url, endpoints),
          ),
      };
    },
    async refresh(credential, signal) {
      const endpoints = endpointsIn(parseRegion(credential.region));
      const tokens = await client(endpoints).refresh(credential.refreshToken, signal);
      // Rotated tokens are worth more than a strange address that came with them: stay where we were.
      return issued(tokens, (url) => allowedOr(credential.baseUrl, url, endpoints));
    },
    baseUrl: (region) => endpointsIn(region).inference,
    checkBaseUrl: ({ baseUrl, region }) => void baseUrlFrom(baseUrl, endpointsIn(parseRegion(region))),
  };
}

function allowedOr(fallback: string, url: string, endpoints: Endpoints): string {
  try {
    return baseUrlFrom(url, endpoints);
  } catch {
    return fallback;
  }
}

function issued({ extra, ...tokens }: TokenSet, baseUrl: (resourceUrl: string) => string): IssuedTokens {
  const { resource_url: resourceUrl, notification_message: notice } = extra;
  return {
    ...tokens,
    ...(resourceUrl ? { baseUrl: baseUrl(resourceUrl) } : {}),
    ...(notice ? { notice } : {}),
  };
}
