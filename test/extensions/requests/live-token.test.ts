import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  ProviderPrepareRuntimeAuthContext,
  ProviderWrapStreamFnContext,
} from "openclaw/plugin-sdk/plugin-entry";
import {
  prepareRuntimeAuth,
  withLiveToken,
} from "../../../extensions/minimax-keychain/requests/live-token.ts";
import type { Runtime } from "../../../extensions/minimax-keychain/runtime.ts";
import { AuthError, type ErrorCode } from "../../../src/index.ts";
import { credential } from "../../src/tokens/credentials.ts";
import { authError } from "../../support/auth-error.ts";

type Options = {
  headers?: Record<string, string>;
  onResponse?: (response: { status: number }) => Promise<void>;
};

function scene() {
  let generation = 1;
  const rejected: string[] = [];
  const auth = {
    token: async () => credential({ generation }),
    rejected: (_account: string, token: string) => void rejected.push(token),
  };
  const sent: { baseUrl: string; options: Options }[] = [];
  let answer: object | undefined;
  const streamFn = (model: { baseUrl: string }, _context: unknown, options: Options) => {
    sent.push({ baseUrl: model.baseUrl, options });
    return answer;
  };
  const runtime = { auth, config: {}, rootDir: "/p" } as unknown as Runtime;
  const wrap = (apiKey: unknown, stream?: object) => {
    answer = stream;
    const config = { models: { providers: { "minimax-portal": { apiKey } } } };
    const context = { config, streamFn, provider: "minimax-portal", modelId: "MiniMax-M3" };
    const wrapped = withLiveToken(runtime, context as unknown as ProviderWrapStreamFnContext);
    return {
      wrapped,
      streamFn,
      call: wrapped as unknown as (m: object, c: object, o?: Options) => Promise<unknown>,
    };
  };
  return { runtime, auth, sent, rejected, wrap, refreshed: () => generation++ };
}

const prepare = (runtime: Runtime, apiKey: string) =>
  prepareRuntimeAuth(runtime, { apiKey } as ProviderPrepareRuntimeAuthContext);

test("a person's own key is none of our business", async () => {
  const { runtime, wrap } = scene();
  assert.equal(await prepare(runtime, "sk-own"), undefined);
  const { wrapped, streamFn } = wrap("sk-own");
  assert.equal(wrapped, streamFn as unknown);
});

test("why there is no token reaches the person word for word", async () => {
  const { runtime, auth } = scene();
  auth.token = async () => {
    throw new AuthError("sign_in_required", { what: "Nobody is signed in.", next: "Run `x`." });
  };
  await assert.rejects(prepare(runtime, "minimax-keychain:default"), authError("sign_in_required"));
});

test("a run starts with the live token, its address and its end", async () => {
  const { runtime } = scene();
  const { accessToken: _, expiresAt, baseUrl } = credential();
  assert.deepEqual(await prepare(runtime, "minimax-keychain:default"), {
    apiKey: "access-1",
    baseUrl,
    expiresAt,
  });
});

test("BT-01 every request of a run carries the token of its moment, to where it belongs", async () => {
  const { sent, wrap, refreshed } = scene();
  const { call } = wrap("minimax-keychain:default");
  const elsewhere = { baseUrl: "https://elsewhere.example" };
  await call(elsewhere, {}, { headers: { "x-own": "1", Authorization: "stale" } });
  refreshed();
  await call(elsewhere, {});
  assert.deepEqual(
    sent.map(({ options }) => options.headers),
    [
      { "x-own": "1", Authorization: "Bearer access-1", "x-api-key": "access-1" },
      { Authorization: "Bearer access-2", "x-api-key": "access-2" },
    ],
  );
  assert.deepEqual(
    sent.map(({ baseUrl }) => baseUrl),
    Array(2).fill("https://api.minimax.io/anthropic"),
  );
});

test("a 401 is reported for exactly the token that was refused, other answers are not", async () => {
  const { sent, rejected, wrap } = scene();
  const seen: number[] = [];
  await wrap("minimax-keychain:default").call(
    {},
    {},
    { onResponse: async ({ status }) => void seen.push(status) },
  );
  for (const status of [200, 429, 401]) await sent[0]?.options.onResponse?.({ status });
  assert.deepEqual(rejected, ["access-1"]);
  assert.deepEqual(seen, [200, 429, 401]);
});

test("after a 401 the error says that the sign-in is over, or stays the server's", async () => {
  const { auth, sent, wrap } = scene();
  const errorOf = async (token: typeof auth.token) => {
    auth.token = async () => credential();
    const message = { errorMessage: "401 invalid" };
    const events = async function* () {};
    const inner = { [Symbol.asyncIterator]: events, result: async () => message };
    const { call } = wrap("minimax-keychain:default", inner);
    const stream = (await call({ id: "MiniMax-M3" }, {})) as typeof inner;
    await sent.at(-1)?.options.onResponse?.({ status: 401 });
    auth.token = token;
    return (await stream.result()).errorMessage;
  };
  const refuse = (code: ErrorCode) => async () => {
    throw new AuthError(code, { what: "No." });
  };
  assert.equal(await errorOf(refuse("sign_in_required")), "No. [sign_in_required]");
  assert.equal(await errorOf(refuse("token_rejected")), "No. [token_rejected]");
  assert.match(await errorOf(refuse("portal_unreachable")), /^401 invalid/);
  assert.match(await errorOf(async () => credential({ generation: 2 })), /^401 invalid/);
});

test("a 401 that the host reports in words only is the refused token's too", async () => {
  const { rejected, wrap } = scene();
  for (const said of ["401 expired (1004)", "500 oops", "429 slower (1030)"]) {
    const inner = { async *[Symbol.asyncIterator]() {}, result: async () => ({ errorMessage: said }) };
    const stream = (await wrap("minimax-keychain:default", inner).call(
      { id: "MiniMax-M3" },
      {},
    )) as typeof inner;
    await stream.result();
  }
  assert.deepEqual(rejected, ["access-1"]);
});
