import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import type { CommandContext } from "../../../extensions/minimax-keychain/cli/command.ts";
import { type LogoutOptions, logout } from "../../../extensions/minimax-keychain/commands/logout.ts";
import { configAfterLogin } from "../../../extensions/minimax-keychain/config/sign-in-patch.ts";
import {
  withoutCoreProfiles,
  withoutSignIn,
} from "../../../extensions/minimax-keychain/config/sign-out-patch.ts";
import { AuthError } from "../../../src/index.ts";

const INPUT = { rootDir: "/plugin", account: "default", baseUrl: "https://api.minimax.io/anthropic" };
const BEFORE = { agents: { defaults: { workspace: "/w" } }, plugins: { load: { paths: ["/other"] } } };
const after = (config: unknown) => configAfterLogin({ ...INPUT, config: config as OpenClawConfig });

describe("the config after signing in and out", () => {
  test("a default model of the person's stays the default", () => {
    const model = { primary: "openai/gpt", fallbacks: ["x/y"] };
    assert.deepEqual(after({ agents: { defaults: { model } } }).agents?.defaults?.model, model);
  });

  test("without one MiniMax-M3 becomes it", () => {
    assert.deepEqual(after({}).agents?.defaults?.model, { primary: "minimax-portal/MiniMax-M3" });
  });

  test("signing in again changes nothing", () => {
    const once = after(BEFORE);
    assert.deepEqual(after(once), once);
  });

  test("another account's place is left alone, and so is a person's own key", () => {
    const config = after(BEFORE);
    assert.equal(withoutSignIn(config, ["work"]), config);
    const own = {
      models: { providers: { "minimax-portal": { apiKey: "sk-own" } } },
    } as unknown as OpenClawConfig;
    assert.equal(withoutSignIn(own, ["default"]), own);
  });

  test("what the person added to the provider stays, without the placeholder", () => {
    const config = after(BEFORE);
    const provider = config.models?.providers?.["minimax-portal"] as object;
    const edited = {
      ...config,
      models: { providers: { "minimax-portal": { ...provider, headers: { a: "b" } } } },
    };
    const left = withoutSignIn(edited as unknown as OpenClawConfig, ["default"]).models?.providers?.[
      "minimax-portal"
    ];
    assert.deepEqual(left, { ...withoutKey(provider), headers: { a: "b" } });
  });

  test("the names of an old login's profiles go, and those of other providers stay", () => {
    const other = { provider: "openai", mode: "api_key" };
    const auth = {
      profiles: {
        "minimax-portal:default": { provider: "minimax-portal", mode: "oauth" },
        "openai:x": other,
      },
      order: { "minimax-portal": ["minimax-portal:default"], openai: ["openai:x"] },
    };
    const cleaned = withoutCoreProfiles({ auth } as unknown as OpenClawConfig);
    assert.deepEqual(cleaned.auth, { profiles: { "openai:x": other }, order: { openai: ["openai:x"] } });
  });

  test("our models go from fallbacks, agents and allow-lists, and other ones stay there", () => {
    const base = after(BEFORE);
    const m3 = "minimax-portal/MiniMax-M3";
    const agents = {
      defaults: {
        models: { ...base.agents?.defaults?.models, "minimax-portal/MiniMax-M2.1": { alias: "minimax" } },
        model: { primary: "openai/gpt", fallbacks: [m3, "x/y"] },
        modelPolicy: { allow: ["minimax-portal/*", "openai/*"] },
      },
      entries: {
        work: { model: m3, modelPolicy: { allow: [m3] } },
        other: { model: { primary: "openai/gpt", fallbacks: [m3] } },
      },
    };
    const cleaned = withoutSignIn({ ...base, agents } as unknown as OpenClawConfig, ["default"]);
    assert.deepEqual(cleaned.agents, {
      defaults: {
        models: {},
        model: { primary: "openai/gpt", fallbacks: ["x/y"] },
        modelPolicy: { allow: ["openai/*"] },
      },
      // A list without anything in it would allow everything.
      entries: { work: { modelPolicy: { allow: [m3] } }, other: { model: { primary: "openai/gpt" } } },
    });
  });

  test("everything of ours goes, and nothing else", () => {
    const cleaned = withoutSignIn(after(BEFORE), ["default"]);
    assert.deepEqual(cleaned.models?.providers, {});
    assert.deepEqual(cleaned.agents, { defaults: { workspace: "/w", models: {} } });
    assert.deepEqual(cleaned.plugins?.load?.paths, ["/other", "/plugin"]);
  });
});

const withoutKey = ({ apiKey: _, ...rest }: { apiKey?: unknown }) => rest;

describe("openclaw minimax-portal logout", () => {
  const locked = new AuthError("keychain_locked", { what: "Locked.", next: "Unlock it." });

  async function run(
    signOut: (account: string) => Promise<boolean>,
    options: LogoutOptions = {},
    accounts = ["default"],
  ) {
    const printed: string[] = [];
    let config = after(BEFORE);
    const context = {
      auth: { signOut, accounts: async () => accounts, status: async () => undefined },
      account: "default",
      json: false,
      out: { log: (line: string) => printed.push(line), error: (line: string) => printed.push(line) },
    } as unknown as CommandContext;
    const code = await logout(context, options, async (change) => {
      const next = change(config);
      const changed = next !== config;
      config = next;
      return changed;
    });
    return { code, printed: printed.join(" "), provider: config.models?.providers?.["minimax-portal"] };
  }

  test("a locked keychain: said, exit code 1, and the config is left as it is", async () => {
    const { code, printed, provider } = await run(() => Promise.reject(locked), { all: true });
    assert.equal(code, 1);
    assert.match(printed, /Locked.*keychain_locked/);
    assert.ok(provider);
  });

  test("a keychain that deleted nothing is said", async () => {
    const { code, printed } = await run(async () => false);
    assert.equal(code, 1);
    assert.match(printed, /no sign-in of account "default", or it is locked/);
  });

  test("cleaning up after an earlier sign-out cleans the config, and is done", async () => {
    const { code, printed, provider } = await run(async () => false, { cleanConfig: true });
    assert.deepEqual([code, provider], [0, undefined]);
    assert.match(printed, /were removed from the config/);
  });

  test("the config keeps its place: without it the host would ask for an API key", async () => {
    const { code, provider } = await run(async () => true);
    assert.equal(code, 0);
    assert.ok(provider);
  });

  test("--all signs every account out and cleans the config", async () => {
    const gone: string[] = [];
    const signOut = async (account: string) => gone.push(account) > 0;
    const { code, provider } = await run(signOut, { all: true }, ["default", "work"]);
    assert.deepEqual([code, gone, provider], [0, ["default", "work"], undefined]);
  });
});
