import * as z from "zod";

/** Answer of `/oauth2/device/code`. */
export const deviceCodeAnswer = z.object({
  user_code: z.string().min(1).max(64),
  verification_uri: z.string().min(1).max(2048),
  /** Absolute epoch ms. */
  expired_in: z.number(),
  /** Milliseconds. */
  interval: z.number().nullish(),
  /** Echo of the request's `state`. */
  state: z.string().nullish(),
});

/** A field that a sign-in works without: in a form of its own it must not cost the tokens beside it. */
const unneeded = z.string().nullish().catch(undefined);

/**
 * Answer of `/oauth2/token` with tokens. The server has replaced the refresh token by now, so no more is
 * demanded than is needed.
 */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  /** Epoch ms, epoch s or relative seconds: see `expiry.ts`. */
  expired_in: z.number().optional().catch(undefined),
  token_type: unneeded,
  scope: unneeded,
  /** Base URL for inference, or the API's root. */
  resource_url: unneeded,
  /** A message of MiniMax's for the person. */
  notification_message: unneeded,
});
