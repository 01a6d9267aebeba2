import assert from "node:assert/strict";

/** Section 2 of the customer's document, as printed. */
export const printedApiKeyConfig = (key: string) => ({
  env: { MINIMAX_API_KEY: key },
  agents: { defaults: { model: { primary: "minimax/MiniMax-M2.1" } } },
  models: {
    mode: "merge",
    providers: {
      minimax: {
        baseUrl: "https://api.minimax.io/anthropic",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: OpenClaw fills it in
        apiKey: "${MINIMAX_API_KEY}",
        api: "anthropic-messages",
        models: [
          {
            id: "MiniMax-M2.1",
            name: "MiniMax M2.1",
            reasoning: false,
            input: ["text"],
            cost: { input: 15, output: 60, cacheRead: 2, cacheWrite: 10 },
            contextWindow: 200000,
            maxTokens: 8192,
          },
        ],
      },
    },
  },
});

/** Each line that was there is still there, in its order. A comma may have come to a line's end. */
export function assertOnlyAdded(before: string, now: string): void {
  const lines = now.split("\n");
  let at = 0;
  for (const line of before.split("\n")) {
    const found = lines.findIndex((each, index) => index >= at && (each === line || isReplaced(line, each)));
    assert.ok(found >= 0, `this line is gone: ${line}\n${now}`);
    at = found + 1;
  }
}

/** An empty list or object that was filled. */
const isReplaced = (line: string, now: string) =>
  now === `${line},` || (/[[{][\]}],?$/.test(line) && now === line.replace(/[\]}],?$/, ""));
