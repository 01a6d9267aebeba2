import { createHash, randomBytes } from "node:crypto";
import type { Portal } from "../../fixtures/portal/index.ts";

export const OPENCLAW_CLIENT = "78257093-7e40-4613-99e0-527b14b39113";
export const MMX_CLIENT = "659cf4c1-615c-45f6-a5f6-4bf15eb476e5";

/** The tokens of a sign-in that another program makes at the portal. */
export interface OtherLogin {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Epoch ms. */
  readonly expired_in: number;
}

/** Signs in at the portal as another program does, and the person approves. */
export async function loginElsewhere(
  portal: Portal,
  clientId: string,
  region: "global" | "cn" = "global",
): Promise<OtherLogin> {
  const { url, approve } = portal.regions[region];
  const verifier = randomBytes(32).toString("base64url");
  const post = async (path: string, form: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: clientId, ...form });
    return (await fetch(url + path, { method: "POST", body })).json();
  };
  const code = (await post("/oauth2/device/code", {
    scope: "openid profile coding_plan",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    state: "any",
  })) as { user_code: string };
  approve(code.user_code);
  const grant_type = "urn:ietf:params:oauth:grant-type:user_code";
  const poll = { grant_type, user_code: code.user_code, code_verifier: verifier };
  return (await post("/oauth2/token", poll)) as OtherLogin;
}
