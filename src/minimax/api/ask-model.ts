import { reveal, type Secret } from "../../base/secret.ts";
import type { Http } from "../../http/http.ts";
import { type Meaning, meaningIn } from "./errors.ts";

export interface ModelRequest {
  /** The Anthropic-compatible base URL that the token belongs to. */
  readonly baseUrl: string;
  readonly accessToken: Secret;
  readonly model: string;
}

/** How a model answered. */
export interface ModelAnswer {
  readonly status: number;
  /** Why it was refused, where that is known. */
  readonly meaning: Meaning | undefined;
}

/**
 * Asks a model for one token, which is the least that tells whether the plan includes it.
 * @throws AuthError why MiniMax could not be asked
 */
export async function askModel(
  http: Http,
  { baseUrl, accessToken, model }: ModelRequest,
): Promise<ModelAnswer> {
  const response = await http(`${baseUrl}/v1/messages`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${reveal(accessToken)}`,
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
    },
    body: JSON.stringify({ model, max_tokens: 1, messages: [{ role: "user", content: "hi" }] }),
  });
  const { status } = response;
  return { status, meaning: meaningIn(await response.text(), status) };
}
