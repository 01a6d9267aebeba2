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
