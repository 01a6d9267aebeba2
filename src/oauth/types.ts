import type { Secret } from "../base/secret.ts";

/** A device authorization that waits for the person (RFC 8628 §3.2). */
export interface DeviceAuthorization {
  /** Shown to the person, who compares it with the page (RFC 8628 §5.4). */
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same page with the code filled in (RFC 8628 §3.3.1). */
  readonly verificationUriComplete?: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly intervalMs: number;
  readonly deviceCode: Secret;
  readonly codeVerifier: Secret;
}

/** A successful token answer (RFC 6749 §5.1). */
export interface TokenSet {
  readonly accessToken: Secret;
  /** Absent when the server did not send one: the old one stays valid (RFC 6749 §6). */
  readonly refreshToken?: Secret;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly scope?: string;
  /** What was asked for and not granted (RFC 6749 §3.3). */
  readonly missingScope: readonly string[];
  /** Further text fields of the answer, by name. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Where and as whom to sign in. */
export interface Server {
  /** Origin of the authorization server; HTTP is accepted for loopback only. */
  readonly issuer: string;
  readonly deviceAuthorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** RFC 7009; left out where there is none. */
  readonly revocationEndpoint?: string;
  readonly clientId: string;
  readonly scope: string;
}
