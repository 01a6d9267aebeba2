import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OpenClawPluginServiceContext } from "openclaw/plugin-sdk/plugin-entry";
import { gatewayService } from "../../extensions/minimax-keychain/gateway-service.ts";
import type { Runtime } from "../../extensions/minimax-keychain/runtime.ts";
import { type Auth, AuthError } from "../../src/index.ts";
import { credential } from "../src/tokens/credentials.ts";

type Watch = Parameters<Auth["keepFresh"]>[1];

const SIGNED_IN = { models: { providers: { "minimax-portal": { apiKey: "minimax-keychain:work" } } } };

describe("the gateway's service", () => {
  test("does nothing where the config has no sign-in of ours", () => {
    const { start, watches } = scene();
    start({});
    assert.deepEqual(watches, []);
  });

  test("keeps the configured account's token fresh, without making the start wait", () => {
    const { start, watches } = scene();
    assert.equal(start(SIGNED_IN), undefined);
    assert.deepEqual(
      watches.map(({ account }) => account),
      ["work"],
    );
  });

  test("says once in the log and in the health why a person is needed, with the command", () => {
    const { start, watches, log, health } = scene();
    start(SIGNED_IN);
    watches[0]?.watch.onTrouble(new AuthError("sign_in_required", { what: "Nobody.", next: "Run `x`." }));
    assert.deepEqual(log, ["warn Nobody. Run `x`. [sign_in_required]"]);
    assert.deepEqual(health, ["failed [sign_in_required]"]);
  });

  test("clears the health with a token, and says nothing of each refresh", () => {
    const { start, watches, log, health } = scene();
    start(SIGNED_IN);
    for (const generation of [1, 2, 3]) watches[0]?.watch.onToken(credential({ generation }));
    assert.deepEqual(health, ["ok", "ok", "ok"]);
    assert.equal(log.length, 1);
    assert.match(log[0] ?? "", /^info MiniMax \(Global\): signed in, token valid until /);
  });

  test("stops by ending the watch and saving what the keychain refused before", async () => {
    const { start, stop, watches, flushes } = scene();
    start(SIGNED_IN);
    await stop();
    assert.equal(watches[0]?.watch.signal.aborted, true);
    assert.deepEqual(flushes, ["flushed"]);
  });

  test("started again with another config, watches once", () => {
    const { start, watches } = scene();
    start(SIGNED_IN);
    start(SIGNED_IN);
    assert.deepEqual(
      watches.map(({ watch }) => watch.signal.aborted),
      [true, false],
    );
  });
});

function scene() {
  const watches: { account: string; watch: Watch }[] = [];
  const [log, health, flushes]: [string[], string[], string[]] = [[], [], []];
  const auth = {
    keepFresh: async (account: string, watch: Watch) => void watches.push({ account, watch }),
    flush: async () => void flushes.push("flushed"),
  };
  const service = gatewayService({ auth, config: {}, rootDir: "/p" } as unknown as Runtime);
  const ctx = {
    logger: {
      info: (text: string) => log.push(`info ${text}`),
      warn: (text: string) => log.push(`warn ${text}`),
    },
    serviceHealth: {
      clearFailure: () => health.push("ok"),
      reportFailure: (error: AuthError) => health.push(`failed [${error.code}]`),
    },
  };
  const context = (config: object) => ({ ...ctx, config }) as unknown as OpenClawPluginServiceContext;
  return {
    watches,
    log,
    health,
    flushes,
    start: (config: object) => service.start(context(config)),
    stop: async () => service.stop?.(context({})),
  };
}
