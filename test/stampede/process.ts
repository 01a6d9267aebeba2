// One process of the stampede: starts everything a request needs, waits for the word, and asks for a token a
// hundred times at once.
import { createAuth, isAuthError, reveal } from "../../src/index.ts";

export interface Start {
  readonly directory: string;
  readonly portal: string;
  readonly requests: number;
}

export interface Answers {
  /** Different access tokens, or errors' codes, that callers got. */
  readonly got: readonly string[];
  readonly answered: number;
  /** To this process's last waiter, ms. */
  readonly ms: number;
}

async function stampede({ directory, portal, requests }: Start): Promise<Answers> {
  const auth = createAuth({
    keychainChild: "unused",
    stateDirectory: directory,
    env: process.env,
    tokenStore: "encrypted-file",
    endpoints: { global: { authorization: portal, inference: `${portal}/anthropic` } },
  });
  const start = performance.now();
  const results = await Promise.allSettled(Array.from({ length: requests }, () => auth.token("default")));
  const got = results.map((result) => {
    if (result.status === "fulfilled") return reveal(result.value.accessToken);
    return isAuthError(result.reason) ? result.reason.code : String(result.reason);
  });
  return { got: [...new Set(got)], answered: got.length, ms: performance.now() - start };
}

process.on("message", async (message: Start) => {
  process.send?.(await stampede(message));
  process.disconnect();
});
process.send?.("ready");
