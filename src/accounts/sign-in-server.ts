import { randomUUID } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { DEADLINES } from "../base/deadlines.ts";
import { AuthError, isAuthError, SIGN_IN_COMMAND } from "../base/error.ts";
import { plainText } from "../base/text.ts";
import type { Http } from "../http/http.ts";
import { baseUrlFrom } from "../minimax/addresses.ts";
import { translateDialect } from "../minimax/dialect/dialect.ts";
import {
  CLIENT_ID,
  DEVICE_CODE_PATH,
  type Endpoints,
  endpointsOf,
  parseRegion,
  REVOCATION_PATH,
  type RegionId,
  SCOPE,
  TOKEN_PATH,
} from "../minimax/regions.ts";
import type { TokenSet } from "../oauth/answers.ts";
import { createOAuthClient, type OAuthClient } from "../oauth/client.ts";
import type { Credential } from "../tokens/credential.ts";
import type { IssuedTokens, PendingSignIn, RefreshGrant } from "../tokens/types.ts";
import type { AuthOptions } from "./options.ts";

/** MiniMax's authorization servers, in the types that `tokens/` works with. */
export interface SignInServer {
  begin(region: RegionId, signal?: AbortSignal): Promise<PendingSignIn>;
  /** Throws AuthError `issuer_changed` or `region_unknown` where `refresh` would send nothing. */
  assertMayRefresh(credential: Credential): void;
  readonly refresh: RefreshGrant;
  /**
   * Asks MiniMax to forget the sign-in (RFC 7009), and once more after a short `Retry-After`. Never throws:
   * what is deleted here must not depend on it.
   * @returns whether MiniMax confirmed it
   */
  revoke(credential: Credential): Promise<boolean>;
  /** Whether the region's sign-in server answers at all, and how far this clock is behind its own. @throws AuthError */
  probe(region: RegionId): Promise<Probe>;
  /** The region's authorization server, by origin. */
  issuer(region: RegionId): string;
  /** Where a region's requests go when no answer names another address. */
  baseUrl(region: RegionId): string;
}

export interface Probe {
  readonly host: string;
  /** By how much MiniMax's clock is ahead of this machine's, ms, to a second. */
  readonly clockSkewMs: number | undefined;
}

type Options = Pick<AuthOptions, "endpoints"> & { readonly clock: Clock; readonly http: Http };

export function createSignInServer({ http, endpoints: overrides, clock }: Options): SignInServer {
  const endpointsIn = (region: RegionId): Endpoints => endpointsOf(region, overrides);

  const client = (endpoints: Endpoints, clientId = CLIENT_ID): OAuthClient =>
    createOAuthClient({
      clock,
      server: {
        issuer: endpoints.authorization,
        deviceAuthorizationEndpoint: endpoints.authorization + DEVICE_CODE_PATH,
        tokenEndpoint: endpoints.authorization + TOKEN_PATH,
        revocationEndpoint: endpoints.authorization + REVOCATION_PATH,
        clientId,
        scope: SCOPE,
      },
      http: translateDialect(http, {
        clock,
        configuredOrigins: [endpoints.authorization, endpoints.inference].map((url) => new URL(url).origin),
        requestId: randomUUID,
      }),
    });

  const assertMayRefresh = (credential: Credential) =>
    assertIssuer(credential, endpointsIn(parseRegion(credential.region)));

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
          issued(
            await oauth.waitForTokens(authorization, { onWait, signal: waitSignal }),
            endpoints.authorization,
            (url) => baseUrlFrom(url, endpoints),
          ),
      };
    },
    assertMayRefresh,
    async refresh(credential) {
      assertMayRefresh(credential);
      const endpoints = endpointsIn(parseRegion(credential.region));
      const tokens = await client(endpoints, credential.clientId).refresh(credential.refreshToken);
      // Rotated tokens are worth more than a strange address that came with them: stay where we were.
      return issued(tokens, endpoints.authorization, (url) => allowedOr(credential.baseUrl, url, endpoints));
    },
    async revoke(credential) {
      try {
        assertMayRefresh(credential);
        const endpoints = endpointsIn(parseRegion(credential.region));
        const revoke = () =>
          client(endpoints, credential.clientId).revoke(
            credential.refreshToken,
            AbortSignal.timeout(DEADLINES.revocation),
          );
        await revoke().catch(async (error) => {
          await clock.sleep(retryDelayMs(error));
          await revoke();
        });
        return true;
      } catch {
        return false;
      }
    },
    async probe(region) {
      const { authorization } = endpointsIn(region);
      const { headers } = await http(authorization, { method: "GET" });
      const serverNow = Date.parse(headers.get("date") ?? "");
      const clockSkewMs = Number.isNaN(serverNow) ? undefined : serverNow - clock.now();
      return { host: new URL(authorization).host, clockSkewMs };
    },
    issuer: (region) => endpointsIn(region).authorization,
    baseUrl: (region) => endpointsIn(region).inference,
  };
}

/**
 * A refresh token goes to the server that issued it and to no other, whatever the config says now
 * (RFC 9700 §4.4).
 */
function assertIssuer({ issuer }: Credential, { authorization }: Endpoints): void {
  if (issuer === undefined || issuer === authorization) return;
  throw new AuthError("issuer_changed", {
    what: `The stored sign-in is from ${plainText(issuer, 80)}, but the plugin's config now names ${authorization}.`,
    kept: "Nothing was sent there; your sign-in is kept.",
    next: `Go back with \`openclaw config unset plugins.entries.minimax-keychain.config.endpoints\`, or sign in there: \`${SIGN_IN_COMMAND}\`.`,
  });
}

/** A longer `Retry-After` is not worth a person's wait. */
const LONGEST_RETRY_MS = 3_000;

/** Throws the error itself where nothing says that trying again soon could help. */
function retryDelayMs(error: unknown): number {
  const seconds = isAuthError(error, "portal_unavailable") ? error.text.retryAfterSeconds : undefined;
  if (seconds === undefined || seconds * 1000 > LONGEST_RETRY_MS) throw error;
  return seconds * 1000;
}

function allowedOr(fallback: string, url: string, endpoints: Endpoints): string {
  try {
    return baseUrlFrom(url, endpoints);
  } catch {
    return fallback;
  }
}

function issued(
  { extra, missingScope, ...tokens }: TokenSet,
  issuer: string,
  baseUrl: (resourceUrl: string) => string,
): IssuedTokens {
  const { resource_url: resourceUrl, notification_message: message } = extra;
  const narrower =
    missingScope.length > 0 && `MiniMax granted less than was asked for: not ${missingScope.join(", ")}.`;
  const notice = [message, narrower]
    .filter((text) => typeof text === "string")
    .map((text) => plainText(text));
  return {
    ...tokens,
    issuer,
    ...(resourceUrl ? { baseUrl: baseUrl(resourceUrl) } : {}),
    ...(notice.length > 0 ? { notice: notice.join(" ") } : {}),
  };
}
