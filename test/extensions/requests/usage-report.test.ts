import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { usageHooks, usageSnapshot } from "../../../extensions/minimax-keychain/requests/usage-report.ts";
import { type Auth, AuthError } from "../../../src/index.ts";

type Hooks = ReturnType<typeof usageHooks>;
type FetchContext = Parameters<NonNullable<Hooks["fetchUsageSnapshot"]>>[0];
type ResolveContext = Parameters<NonNullable<Hooks["resolveUsageAuth"]>>[0];

const hooks = (usage: Auth["usage"]) =>
  usageHooks({ auth: { usage } as Auth, config: {}, rootDir: "/" } as Parameters<typeof usageHooks>[0]);
const configWith = (apiKey: string) =>
  ({ config: { models: { providers: { "minimax-portal": { apiKey } } } } }) as unknown as ResolveContext;

describe("the plan in the host's own usage reports", () => {
  test("a person's own API key is left to the host", async () => {
    const { resolveUsageAuth, fetchUsageSnapshot } = hooks(() => assert.fail("must not be asked"));
    assert.equal(await resolveUsageAuth?.(configWith("sk-own")), null);
    assert.equal(await fetchUsageSnapshot?.({ token: "sk-own" } as FetchContext), null);
  });

  test("the host is given no token, only the placeholder", async () => {
    const { resolveUsageAuth } = hooks(() => assert.fail("must not be asked"));
    const auth = await resolveUsageAuth?.(configWith("minimax-keychain:work"));
    assert.deepEqual(auth, { token: "minimax-keychain:work" });
  });

  test("a failure is shown in its own words", async () => {
    const failure = new AuthError("plan_missing", { what: "No plan.", next: "Subscribe." });
    const { fetchUsageSnapshot } = hooks(() => Promise.reject(failure));
    const snapshot = await fetchUsageSnapshot?.({ token: "minimax-keychain:work" } as FetchContext);
    assert.deepEqual(snapshot?.windows, []);
    assert.equal(snapshot?.error, "No plan. Subscribe. [plan_missing]");
  });

  test("the host counts what is used; what it cannot count is said in words", () => {
    const snapshot = usageSnapshot({
      at: 1,
      rows: [
        {
          name: "general",
          interval: { unlimited: false, remainingPercent: 72, resetsAt: 5 },
          weekly: { unlimited: false },
        },
        { name: "video", interval: { unlimited: false, remainingPercent: 100 }, weekly: { unlimited: true } },
      ],
    });
    assert.deepEqual(snapshot.windows, [
      { label: "general", usedPercent: 28, resetAt: 5 },
      { label: "video", usedPercent: 0 },
    ]);
    assert.equal(snapshot.summary, "general, week: unknown; video, week: unlimited");
  });
});
