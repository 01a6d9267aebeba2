import type { Fetch } from "../dialect/dialect.ts";

export interface ModelRequest {
  /** The Anthropic-compatible base URL that the token belongs to. */
  readonly baseUrl: string;
  readonly accessToken: string;
  readonly model: string;
}

/** How a model answered; `said` is the server's own text, and may hold anything. */
export interface ModelAnswer {
  readonly status: number;
  readonly said: string;
}

/**
 * Asks a model for one token, which is the least that tells whether the plan includes it.
 * @throws AuthError why MiniMax could not be asked
 */
export async function askModel(
  send: Fetch,
  { baseUrl, accessToken, model }: ModelRequest,
): Promise<ModelAnswer> {
  const response = await send(`${baseUrl}/v1/messages`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${accessToken}`,
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
    },
    body: JSON.stringify({ model, max_tokens: 1, messages: [{ role: "user", content: "hi" }] }),
  });
  return { status: response.status, said: `${response.status} ${await response.text()}` };
}
