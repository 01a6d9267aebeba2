import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { PluginCommandContext } from "openclaw/plugin-sdk/plugin-entry";
import type { Runtime } from "../../../extensions/minimax-keychain/runtime.ts";
import { chatLogin } from "../../../extensions/minimax-keychain/sign-in/chat-login.ts";
import { type Auth, AuthError, type PendingSignIn, type RegionId } from "../../../src/index.ts";

type SignIn = Parameters<Auth["signIn"]>[0];

describe("/minimax-login in a chat", () => {
  test("is not for somebody whom the gateway does not trust", async (t) => {
    const { send, requests } = scene(t);
    assert.match(await send("", { isAuthorizedSender: false }), /Only somebody this gateway trusts/);
    assert.deepEqual(requests, []);
  });

  test("says how to begin where the gateway does not use the sign-in yet", async (t) => {
    const { send } = scene(t);
    assert.match(await send("", { config: {} }), /openclaw onboard --auth-choice minimax-portal/);
  });

  test("refuses an endpoint that is none, and begins nothing", async (t) => {
    const { send, requests } = scene(t);
    const said = await send("moon");
    assert.match(
      said,
      /Use `\/minimax-login global` \(api\.minimax\.io\) or `\/minimax-login cn` \(api\.minimaxi\.com\)/,
    );
    assert.match(said, /\[region_unknown\]/);
    assert.match(await send("constructor"), /\[region_unknown\]/);
    assert.deepEqual(requests, []);
  });

  test("tells at once why there can be no sign-in, and the next message tries again", async (t) => {
    const { send, requests } = scene(t, "keychain_unavailable");
    assert.match(await send(""), /\[keychain_unavailable\]/);
    await send("");
    assert.equal(requests.length, 2);
  });

  test("answers with the link, the code and how long it is good", async (t) => {
    const { send } = scene(t);
    const text = await send("cn");
    assert.match(text, /MiniMax \(CN\)/);
    assert.match(text, /https:\/\/platform\.minimaxi\.com\/authorize/);
    assert.match(text, /only if the page shows the code ABCD-EFGH\. It is valid for 10 min/);
  });

  test("begins no second sign-in while one waits: it shows the first again", async (t) => {
    const { send, requests } = scene(t);
    assert.equal(await send(""), await send("cn"));
    assert.deepEqual(
      requests.map(({ region }) => region),
      ["global"],
    );
  });

  test("sent again tells once how it went; after that it begins anew", async (t) => {
    const { send, requests } = scene(t);
    await send("");
    await requests[0]?.approve();
    assert.match(await send(""), /Signed in to MiniMax \(Global\)\. This gateway uses it from now on/);
    assert.match(await send(""), /ABCD-EFGH/);
    assert.equal(requests.length, 2);
  });

  test("sent again tells that it was denied", async (t) => {
    const { send, requests } = scene(t);
    await send("");
    await requests[0]?.deny();
    assert.match(await send(""), /\[access_denied\]/);
  });

  test("sent again much later begins anew: by then the outcome says nothing", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    const { send, requests } = scene(t);
    await send("");
    await requests[0]?.approve();
    t.mock.timers.tick(3_600_001);
    assert.match(await send(""), /ABCD-EFGH/);
    assert.equal(requests.length, 2);
  });

  test("can be cancelled", async (t) => {
    const { send, requests } = scene(t);
    assert.match(await send("cancel"), /No sign-in is under way/);
    await send("");
    assert.match(await send("cancel"), /was cancelled\. What was signed in before is kept/);
    assert.equal(requests[0]?.request.signal?.aborted, true);
  });

  test("goes to the endpoint of the sign-in there is, unless told otherwise", async (t) => {
    const { send, requests } = scene(t, undefined, "cn");
    await send("");
    assert.equal(requests[0]?.region, "cn");
  });
});

let accounts = 0;

function scene(t: TestContext, failure?: "keychain_unavailable", signedInAt?: RegionId) {
  const account = `chat-${accounts++}`;
  const config = { models: { providers: { "minimax-portal": { apiKey: `minimax-keychain:${account}` } } } };
  const requests: { region: RegionId; request: SignIn; approve(): Promise<void>; deny(): Promise<void> }[] =
    [];
  const auth = {
    accounts: async () => [account],
    flush: async () => {},
    usage: async () => ({ rows: [], at: 0 }),
    status: async () => (signedInAt ? { region: signedInAt } : undefined),
    async signIn(request: SignIn) {
      const { region, show, signal } = request;
      const end = Promise.withResolvers<unknown>();
      const after = (settle: () => void) => async () => {
        settle();
        await new Promise((resolve) => setImmediate(resolve));
      };
      requests.push({
        region,
        request,
        approve: after(() => end.resolve({})),
        deny: after(() => end.reject(new AuthError("access_denied", { what: "You denied it." }))),
      });
      if (failure) throw new AuthError(failure, { what: "There is no keychain." });
      await show({
        userCode: "ABCD-EFGH",
        verificationUri: "https://platform.minimaxi.com/authorize",
        expiresAt: Date.now() + 600_000,
      } as PendingSignIn);
      signal?.addEventListener("abort", () => end.reject(new AuthError("cancelled", { what: "Cancelled." })));
      return end.promise;
    },
  };
  const { handler } = chatLogin({ auth, config: {}, rootDir: "/p" } as unknown as Runtime);
  const send = async (args: string, changes: object = {}): Promise<string> => {
    const ctx = { args, config, isAuthorizedSender: true, channel: "webchat", ...changes };
    const reply = await handler(ctx as unknown as PluginCommandContext);
    return reply.text ?? "";
  };
  t.after(() => send("cancel"));
  return { send, requests };
}
