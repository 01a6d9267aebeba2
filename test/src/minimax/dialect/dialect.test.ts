import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Exchange,
  example,
  fill,
  loadExchange,
  loadExchanges,
} from "../../../../fixtures/exchanges/load.ts";
import { isAuthError } from "../../../../src/base/error.ts";
import type { Http } from "../../../../src/http/http.ts";
import { translateDialect } from "../../../../src/minimax/dialect/dialect.ts";
import { authError } from "../../../support/auth-error.ts";
import { virtualClock } from "../../../support/virtual-clock.ts";

const ORIGIN = "https://account.minimax.io";
const STATE = "our-state";

function translated(send: Http): Http {
  const clock = virtualClock(Date.now());
  return translateDialect(send, { clock, configuredOrigins: [], requestId: () => "a-uuid" });
}

const answering = (status: number, body: unknown, headers: Record<string, string> = {}): Http =>
  translated(
    async () => new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers }),
  );

const device = { body: new URLSearchParams({ client_id: "c", state: STATE }) };
const poll = {
  body: new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: "AB-12",
  }),
};
const refresh = { body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: "r" }) };

const askDevice = (send: Http) => send(`${ORIGIN}/oauth2/device/code`, device);
const askToken = (send: Http, init = poll) => send(`${ORIGIN}/oauth2/token`, init);

const code = {
  user_code: "AB-12",
  verification_uri: "https://platform.minimax.io/oauth-authorize?user_code=AB-12",
  expired_in: Date.now() + 600_000,
  interval: 3000,
  state: STATE,
};
const success = { status: "success", access_token: "a", refresh_token: "r", expired_in: 3600 };

test("DF-04 a device answer without code, page or expiry is refused by the name of what is missing", async () => {
  for (const field of ["user_code", "verification_uri", "expired_in"]) {
    const asked = askDevice(answering(200, { ...code, [field]: undefined }));
    await assert.rejects(
      asked,
      (error: Error) => authError("answer_invalid")(error) && error.message.includes(field),
    );
  }
});

test("an absurd expiry is refused", async () => {
  for (const expired_in of [0, -5, Date.now() - 60_000, Date.now() * 1000]) {
    await assert.rejects(askDevice(answering(200, { ...code, expired_in })), authError("answer_invalid"));
    await assert.rejects(askToken(answering(200, { ...success, expired_in })), authError("answer_invalid"));
  }
});

test("a refresh whose answer tells no life keeps the tokens, for ten minutes", async () => {
  for (const expired_in of [undefined, null, 0, -5, "soon", Date.now() * 1000]) {
    const answered = await askToken(answering(200, { ...success, expired_in }), refresh);
    const { access_token, refresh_token, expires_in } = await answered.json();
    assert.deepEqual([access_token, refresh_token, expires_in], ["a", "r", 600]);
  }
});

test("tokens are not thrown away for a field beside them that has a form of its own", async () => {
  for (const odd of [
    { base_resp: null },
    { base_resp: {} },
    { base_resp: { status_code: 0, status_msg: null } },
    { scope: ["a", "b"] },
    { notification_message: {} },
    { resource_url: 7 },
    { token_type: false },
  ]) {
    const answered = await askToken(answering(200, { ...success, ...odd }), refresh);
    assert.equal((await answered.json()).access_token, "a", JSON.stringify(odd));
  }
});

test("a busy server that says so in MiniMax's form is obeyed: Retry-After, and nothing is refused", async () => {
  const busy = { base_resp: { status_code: 1002, status_msg: "rate limit" } };
  for (const init of [poll, refresh]) {
    await assert.rejects(askToken(answering(429, busy, { "Retry-After": "7" }), init), (error: Error) => {
      return isAuthError(error, "portal_unavailable") && error.text.retryAfterSeconds === 7;
    });
  }
});

test("one of MiniMax's own hiccups does not end a sign-in that a person is approving", async () => {
  for (const status_code of [1000, 1001, 1002, 1013]) {
    const hiccup = { base_resp: { status_code, status_msg: "unknown error" } };
    const answered = await askToken(answering(200, hiccup));
    assert.equal((await answered.json()).error, "temporarily_unavailable");
  }
});

test("TK-14 an answer whose state is not ours is refused", async () => {
  for (const state of ["another-state", undefined, null]) {
    await assert.rejects(askDevice(answering(200, { ...code, state })), authError("state_mismatch"));
  }
});

test("a sign-in page outside MiniMax's hosts is never shown", async () => {
  for (const verification_uri of [
    "https://evil.example/",
    "http://platform.minimax.io/",
    "javascript:alert(1)",
  ]) {
    await assert.rejects(
      askDevice(answering(200, { ...code, verification_uri })),
      authError("answer_invalid"),
    );
  }
});

test("HTML, truncated JSON and an empty answer are told from a refusal", async () => {
  await assert.rejects(
    askToken(answering(200, "<html>Welcome to the airport</html>")),
    authError("answer_invalid"),
  );
  await assert.rejects(askToken(answering(200, '{"status":"succ')), authError("answer_invalid"));
  await assert.rejects(askToken(answering(200, "")), authError("portal_unavailable"));
  await assert.rejects(askToken(answering(502, "<html>Bad gateway</html>")), authError("portal_unavailable"));
});

test("a busy server's Retry-After is passed on", async () => {
  await assert.rejects(askToken(answering(429, "", { "retry-after": "17" })), (error: never) => {
    assert.equal((error as { text: { retryAfterSeconds: number } }).text.retryAfterSeconds, 17);
    return true;
  });
});

const refusals: [string, number, object, URLSearchParams, string][] = [
  ["pending", 200, { status: "pending" }, poll.body, "authorization_pending"],
  ["slow_down", 400, { error: "slow_down" }, poll.body, "slow_down"],
  [
    "a refusal in words",
    200,
    { status: "error", base_resp: { status_code: 1, status_msg: "user denied" } },
    poll.body,
    "access_denied",
  ],
  [
    "an expired code",
    200,
    { status: "error", base_resp: { status_code: 1, status_msg: "code expired" } },
    poll.body,
    "expired_token",
  ],
  [
    "a reused refresh token",
    400,
    { error: "invalid_grant", error_description: "refresh_token_reused" },
    refresh.body,
    "invalid_grant",
  ],
  [
    "a revoked sign-in in base_resp",
    200,
    { base_resp: { status_code: 9, status_msg: "token revoked" } },
    refresh.body,
    "invalid_grant",
  ],
  ["an expired refresh token", 400, { error: "expired_token" }, refresh.body, "invalid_grant"],
  [
    "an unknown complaint about a refresh",
    200,
    { base_resp: { status_code: 9, status_msg: "system busy" } },
    refresh.body,
    "temporarily_unavailable",
  ],
  ["an unknown status", 200, { status: "thinking" }, poll.body, "temporarily_unavailable"],
  ...([400, 401] as const).flatMap((status): typeof refusals => [
    [
      `invalid_refresh_token in HTTP ${status}`,
      status,
      { error: "invalid_refresh_token" },
      refresh.body,
      "invalid_grant",
    ],
    [
      `unknown words in HTTP ${status}`,
      status,
      { error: "session expired" },
      refresh.body,
      "invalid_request",
    ],
  ]),
  // Only the server that issued the refresh token can refuse it, and it does so in these statuses only.
  ...[301, 403, 404, 408, 429, 500, 502, 503, 504].flatMap((status): typeof refusals =>
    ["upstream session expired", "invalid_grant", "refresh_token_reused"].map((error) => [
      `"${error}" about a refresh in HTTP ${status}`,
      status,
      { error },
      refresh.body,
      "temporarily_unavailable",
    ]),
  ),
];
for (const [name, status, body, form, expected] of refusals) {
  test(`${name} becomes ${expected}`, async () => {
    const response = await askToken(answering(status, body), { body: form });
    assert.equal(response.status, 400);
    assert.equal((await response.json()).error, expected);
  });
}

test("the device code goes out as MiniMax's user code, with the verifier untouched", async () => {
  const sent: URLSearchParams[] = [];
  const send = translated(async (_url, init) => {
    sent.push(init.body as URLSearchParams);
    assert.equal(new Headers(init.headers).get("x-request-id"), "a-uuid");
    return Response.json(success);
  });
  await askToken(send, { body: new URLSearchParams([...poll.body, ["code_verifier", "v"]]) });
  assert.deepEqual(Object.fromEntries(sent[0] ?? []), {
    grant_type: "urn:ietf:params:oauth:grant-type:user_code",
    user_code: "AB-12",
    code_verifier: "v",
  });
});

for (const odd of [
  { status: "pondering" },
  { status: undefined },
  { status: "error" },
  { base_resp: { status_code: 9 } },
]) {
  test(`new tokens beside ${JSON.stringify(odd)} are a success: the old refresh token is spent`, async () => {
    const response = await askToken(answering(200, { ...success, ...odd }), refresh);
    const { access_token, refresh_token } = await response.json();
    assert.deepEqual([response.status, access_token, refresh_token], [200, "a", "r"]);
  });
}

for (const [interval, seconds] of [
  [5, 5],
  [0.5, 0.5],
  [200, 0.2],
  [1e15, 60],
] as const) {
  test(`DF-06 an interval of ${interval} is ${seconds} s`, async () => {
    const response = await askDevice(answering(200, { ...code, interval }));
    assert.equal((await response.json()).interval, seconds);
  });
}

test("DF-06 a missing interval means two seconds, as MiniMax's own clients take it", async () => {
  const response = await askDevice(answering(200, { ...code, interval: undefined }));
  assert.equal((await response.json()).interval, 2);
});

test("TK-11 an empty refresh token counts as none, and TK-04 a missing token type as bearer", async () => {
  const response = await askToken(answering(200, { ...success, refresh_token: "" }));
  const body = await response.json();
  assert.equal(body.token_type, "bearer");
  assert.ok(!("refresh_token" in body));
});

const oauthExchanges = loadExchanges().filter(
  ({ request, settings }) =>
    /^\/oauth2\/(device\/code|token)$/.test(request.path) && !settings.echoWrongState,
);

for (const exchange of oauthExchanges) {
  test(`golden exchange "${exchange.id}" reads as the standard would say it`, async () => {
    const response = await replay(exchange);
    const body = await response.json();
    const isDevice = exchange.request.path.endsWith("/device/code");
    const { status, error } = exchange.response.body as { status?: string; error?: string };
    if (isDevice)
      assert.deepEqual(
        [response.status, typeof body.device_code, body.expires_in > 0],
        [200, "string", true],
      );
    else if (status === "success")
      assert.deepEqual([response.status, body.token_type.toLowerCase()], [200, "bearer"]);
    else
      assert.deepEqual(
        [response.status, typeof body.error, body.error === (error ?? body.error)],
        [400, "string", true],
      );
  });
}

test("the golden answer with a foreign state is refused", async () => {
  await assert.rejects(replay(loadExchange("device-code-wrong-state")), authError("state_mismatch"));
});

async function replay({ request, response }: Exchange): Promise<Response> {
  const values = {
    state: STATE,
    "code-challenge": "challenge",
    "code-verifier": "verifier",
    "another-verifier": "other",
    "user-code": "AB-12",
    "refresh-token": "r",
    "spent-refresh-token": "old",
  };
  const form = Object.entries(request.form ?? {}).map(([name, value]) => [name, fill(value, values)]);
  const body = example(response.body) as Record<string, unknown>;
  const own = response.body as { state?: unknown };
  const send = answering(response.status, own.state === "<state>" ? { ...body, state: STATE } : body);
  return send(ORIGIN + request.path, { body: new URLSearchParams(form) });
}

test("a page on the retired www host is looked for where it is now", async () => {
  for (const [named, shown] of [
    [
      "https://www.minimax.io/oauth-authorize?user_code=A",
      "https://platform.minimax.io/oauth-authorize?user_code=A",
    ],
    ["https://www.minimaxi.com/x", "https://platform.minimaxi.com/x"],
    ["https://www.minimax.cn/x", "https://platform.minimax.cn/x"],
    ["https://platform.minimax.io/x", "https://platform.minimax.io/x"],
  ]) {
    const response = await askDevice(answering(200, { ...code, verification_uri: named }));
    assert.equal((await response.json()).verification_uri, shown);
  }
});

test("an expiry that only a wrong clock can explain is refused with how wrong the clock is", async () => {
  const date = new Date(Date.now() + 7_200_000).toUTCString();
  const past = { ...code, expired_in: Date.now() - 1000 };
  await assert.rejects(askDevice(answering(200, past, { date })), (error: Error) => {
    return /clock is (7199|7200) s behind MiniMax's/.test(error.message);
  });
});

test("a revocation passes untranslated, both ways", async () => {
  const body = new URLSearchParams({ token: "r", token_type_hint: "refresh_token", client_id: "c" });
  const send = translated(async (_url, init) => {
    assert.equal(String(init.body), String(body));
    return new Response("", { status: 200 });
  });
  assert.equal((await send(`${ORIGIN}/oauth2/revoke`, { body })).status, 200);
});
