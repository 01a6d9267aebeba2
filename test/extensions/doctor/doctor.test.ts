import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { doctorLines } from "../../../extensions/minimax-keychain/doctor/doctor.ts";
import type { DoctorInput } from "../../../extensions/minimax-keychain/doctor/input.ts";
import { runChecks } from "../../../extensions/minimax-keychain/doctor/run-checks.ts";
import {
  API_KEY_REF,
  AuthError,
  type ErrorCode,
  MODELS,
  Secret,
  type StoredSignIn,
} from "../../../src/index.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;
const ROOT = "/plugins/openclaw-minimax-keychain";
const SECRET = "a-token-that-must-never-be-printed-0123456789";

const STATE = {
  account: "default",
  store: "keytar",
  region: "global",
  generationId: "g",
  expiresAt: NOW + HOUR,
  outcomes: [],
  notices: [],
};
const STORED: StoredSignIn = {
  account: "default",
  region: "global",
  expiresAt: NOW + HOUR,
  obtainedAt: NOW - HOUR,
  signedInAt: NOW - HOUR,
  refreshDueAt: NOW,
  baseUrl: "https://api.minimax.io/anthropic",
  generation: 3,
};
const PROVIDER = {
  baseUrl: STORED.baseUrl,
  api: "anthropic-messages",
  authHeader: true,
  apiKey: "minimax-keychain:default",
  models: MODELS,
};
const CONFIG = {
  plugins: { entries: { "minimax-keychain": { enabled: true } }, load: { paths: [ROOT] } },
  models: { providers: { "minimax-portal": PROVIDER } },
  agents: { defaults: { model: { primary: "minimax-portal/MiniMax-M3" }, models: {} } },
};

/** A machine on which everything is well, but for what is given. */
function input(fault: Partial<Omit<DoctorInput, "auth">> & { auth?: object } = {}): DoctorInput {
  return {
    hostVersion: "2026.9.6",
    config: CONFIG,
    pluginConfig: {},
    rootDir: ROOT,
    account: "default",
    env: {},
    now: () => NOW,
    stateDirectory: "/state",
    exists: () => true,
    modeOf: () => 0o40700,
    keyStored: async () => false,
    missingOf: async () => undefined,
    coreKeys: async () => [],
    sources: [{ id: "mmx", label: "mmx-cli", code: "mmx_login_left", find: async () => [] }],
    online: true,
    ...fault,
    auth: {
      status: async () => STATE,
      stored: async () => STORED,
      usage: async () => ({ rows: [], at: NOW }),
      askModel: async () => ({ status: 200, meaning: undefined }),
      probe: async () => ({ host: "account.minimax.io", clockSkewMs: 0 }),
      ...fault.auth,
    } as DoctorInput["auth"],
  };
}

const failing = (code: ErrorCode) => () =>
  Promise.reject(new AuthError(code, { what: "It failed.", next: "Do this." }));
const state = (more: object) => ({ auth: { status: async () => ({ ...STATE, ...more }) } });
const config = (more: object) => ({ config: { ...CONFIG, ...more } });
const provider = (more: object) =>
  config({ models: { providers: { "minimax-portal": { ...PROVIDER, ...more } } } });
const model = (primary: string) => config({ agents: { defaults: { model: { primary } } } });
const ownModel = (id: string) => ({
  models: { providers: { "minimax-portal": { ...PROVIDER, models: [...MODELS, { id }] } } },
  agents: { defaults: { model: { primary: `minimax-portal/${id}` } } },
});
const BY_KEY = config({
  models: { providers: { "minimax-portal": PROVIDER, minimax: { apiKey: { ...API_KEY_REF } } } },
});
const BY_KEY_SET_UP = {
  config: {
    ...BY_KEY.config,
    secrets: { providers: { "minimax-keychain": { source: "exec", command: "/state/minimax-api-key" } } },
  },
};
const found = {
  from: "mmx" as const,
  place: "/home/x/.mmx/config.json",
  login: undefined,
  region: undefined,
  remove: async () => {},
};
const left = {
  ...found,
  login: { accessToken: new Secret(SECRET), refreshToken: new Secret(SECRET), expiresAt: 1 },
};
const source = (find: DoctorInput["sources"][number]["find"], code = "mmx_login_left") =>
  ({ sources: [{ id: "mmx", label: "mmx-cli", code, find }] }) as Partial<DoctorInput>;

/** Fault, the check that finds it, its code, and whether it only deserves a look. */
const FAULTS: readonly (readonly [string, Parameters<typeof input>[0], string, string, "warning"?])[] = [
  ["an old host", { hostVersion: "2026.8.30" }, "host version", "host_too_old"],
  [
    "the plugin is switched off",
    config({ plugins: { entries: { "minimax-keychain": { enabled: false } } } }),
    "plugin order",
    "plugin_disabled",
  ],
  ["the bundled plugin is first", config({ plugins: {} }), "plugin order", "bundled_plugin_wins"],
  [
    "load paths are no list",
    config({ plugins: { load: { paths: ROOT } } }),
    "plugin order",
    "load_paths_malformed",
  ],
  ["a load path is gone", { exists: (path: string) => path !== ROOT }, "plugin order", "load_path_gone"],
  ["settings that are not valid", { pluginConfig: { region: "mars" } }, "plugin settings", "config_invalid"],
  [
    "other servers in MiniMax's place",
    { pluginConfig: { endpoints: {} } },
    "plugin settings",
    "endpoints_replaced",
    "warning",
  ],
  ["no provider", config({ models: {} }), "provider entry", "provider_missing"],
  [
    "a provider that is a word",
    config({ models: { providers: { "minimax-portal": "yes" } } }),
    "provider entry",
    "provider_malformed",
  ],
  ["another wire format", provider({ api: "openai-completions" }), "provider entry", "provider_api_wrong"],
  ["no models listed", provider({ models: [] }), "provider entry", "provider_models_missing"],
  ["no placeholder", provider({ apiKey: undefined }), "placeholder", "placeholder_missing"],
  ["somebody's own key", provider({ apiKey: SECRET }), "placeholder", "placeholder_foreign"],
  [
    "a placeholder without an account",
    provider({ apiKey: "minimax-keychain:" }),
    "placeholder",
    "placeholder_malformed",
  ],
  [
    "a placeholder of another account",
    provider({ apiKey: "minimax-keychain:work" }),
    "placeholder",
    "placeholder_other_account",
    "warning",
  ],
  ["a base URL that is none", provider({ baseUrl: "api.minimax" }), "base URL", "base_url_malformed"],
  [
    "the other endpoint's base URL",
    provider({ baseUrl: "https://api.minimaxi.com/anthropic" }),
    "base URL",
    "base_url_other_region",
    "warning",
  ],
  [
    "another base URL",
    provider({ baseUrl: "https://api.minimax.io/v1" }),
    "base URL",
    "base_url_differs",
    "warning",
  ],
  [
    "a sign-in to the other endpoint than set",
    { pluginConfig: { region: "cn" } },
    "endpoint",
    "region_differs",
    "warning",
  ],
  [
    "a base URL in the keychain that is not MiniMax's",
    { auth: { stored: async () => ({ ...STORED, baseUrl: "https://example.org/anthropic" }) } },
    "endpoint",
    "resource_url_rejected",
  ],
  ["no default model", config({ agents: {} }), "default model", "default_model_missing", "warning"],
  ["a model in the wrong case", model("minimax-portal/minimax-m3"), "model ids", "model_wrong_case"],
  ["a model that nobody knows", model("minimax-portal/MiniMax-M9"), "model ids", "model_unknown"],
  ["a typo", model("minimax-portal/MiniMax-M21"), "model ids", "model_unknown"],
  ["no provider before the slash", model("MiniMax-M3"), "model ids", "provider_unknown"],
  ["a provider that is not MiniMax's", model("mini-max/MiniMax-M3"), "model ids", "provider_unknown"],
  ["a model of a provider without a block", model("minimax/MiniMax-M2.1"), "model ids", "model_not_set_up"],
  [
    "a model of the person's own, also where it is the default one",
    { config: { ...CONFIG, ...ownModel("MiniMax-M9") } },
    "model ids",
    "model_unlisted",
    "warning",
  ],
  ["an API key that the config asks for, and that is not stored", BY_KEY, "API key", "api_key_missing"],
  [
    "an API key in OpenClaw's own store, which goes before the one in the keychain",
    {
      ...BY_KEY,
      keyStored: async () => true,
      coreKeys: async () => ["openclaw models auth logout minimax:default"],
    },
    "API key",
    "openclaw_key_left",
  ],
  [
    "an API key whose way to OpenClaw went with an update of Node",
    { ...BY_KEY_SET_UP, keyStored: async () => true, missingOf: async () => "/opt/node-24.1/bin/node" },
    "API key",
    "api_key_command_gone",
  ],
  [
    "an API key that the config asks for without saying how",
    { ...BY_KEY, keyStored: async () => true },
    "API key",
    "api_key_command_missing",
  ],
  ["no keychain", { auth: { stored: failing("keychain_unavailable") } }, "keychain", "keychain_unavailable"],
  ["a locked keychain", { auth: { stored: failing("keychain_locked") } }, "keychain", "keychain_locked"],
  [
    "a keychain that hangs",
    { auth: { stored: failing("keychain_timed_out") } },
    "keychain",
    "keychain_timed_out",
  ],
  [
    "no secret for the encrypted file",
    { auth: { stored: failing("store_key_missing") } },
    "keychain",
    "store_key_missing",
  ],
  [
    "nobody signed in",
    { auth: { status: async () => undefined, stored: failing("sign_in_required") } },
    "sign-in",
    "not_signed_in",
  ],
  [
    "an item that was removed",
    { auth: { stored: failing("keychain_item_missing") } },
    "sign-in",
    "keychain_item_missing",
  ],
  [
    "a record that cannot be read",
    { auth: { stored: failing("record_invalid") } },
    "sign-in",
    "record_invalid",
  ],
  ["a sign-in that MiniMax refused", state({ quarantined: "g" }), "token", "sign_in_refused"],
  ["tokens that the keychain did not take", state({ heldBy: 4711 }), "token", "tokens_unsaved"],
  [
    "a refresh that keeps failing",
    state({
      trouble: { code: "portal_unreachable", failures: 3, failedAt: NOW, retryAt: NOW, retryExpiredAt: NOW },
    }),
    "token",
    "refresh_failing",
  ],
  [
    "an expired token",
    { auth: { stored: async () => ({ ...STORED, expiresAt: NOW - 1 }) } },
    "token",
    "token_expired",
    "warning",
  ],
  ["a clock in the past", { now: () => Date.UTC(2020, 0) }, "clock", "clock_far_behind"],
  [
    "a clock that was set back",
    { auth: { stored: async () => ({ ...STORED, obtainedAt: NOW + HOUR }) } },
    "clock",
    "clock_set_back",
  ],
  [
    "a clock that is not MiniMax's",
    { auth: { probe: async () => ({ host: "h", clockSkewMs: 90_000 }) } },
    "clock",
    "clock_skewed",
  ],
  ["a proxy that is no URL", { env: { HTTPS_PROXY: "http://%zz@" } }, "proxy", "config_invalid"],
  [
    "certificates unchecked",
    { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } },
    "proxy",
    "tls_check_off",
    "warning",
  ],
  [
    "a state that cannot be written",
    { auth: { status: failing("state_unavailable") } },
    "state file",
    "state_unavailable",
  ],
  ["a state folder open to others", { modeOf: () => 0o40755 }, "state file", "state_open_to_others"],
  [
    "a state file that was set aside",
    state({ notices: ["It was set aside."] }),
    "state file",
    "state_set_aside",
    "warning",
  ],
  ["a login in plain text", source(async () => [left]), "plain text: mmx-cli", "mmx_login_left"],
  ["half a login in plain text", source(async () => [found]), "plain text: mmx-cli", "mmx_login_left"],
  [
    "OpenClaw's own plain-text login",
    source(async () => [left], "openclaw_login_left"),
    "plain text: mmx-cli",
    "openclaw_login_left",
  ],
  [
    "no way to MiniMax",
    { auth: { probe: failing("portal_unreachable") } },
    "sign-in server",
    "portal_unreachable",
  ],
  [
    "a captive portal",
    { auth: { probe: failing("portal_redirected") } },
    "sign-in server",
    "portal_redirected",
  ],
  ["no plan", { auth: { usage: failing("plan_missing") } }, "plan", "plan_missing"],
  ["the wrong endpoint", { auth: { usage: failing("region_mismatch") } }, "plan", "region_mismatch"],
  [
    "a model that the plan lacks",
    {
      auth: {
        askModel: async () => ({ status: 500, meaning: "model_not_in_plan" as const }),
      },
    },
    "models in the plan",
    "model_not_in_plan",
  ],
];

const plain = { columns: 80, paint: (_style: string, text: string) => text };

describe("openclaw minimax-portal doctor", () => {
  for (const [name, fault, check, code, onlyWarning] of FAULTS) {
    test(`${name}: ${code}, with a fix, and never green`, async () => {
      const findings = await runChecks(input(fault));
      const about = findings.filter((finding) => finding.check === check);
      const hit = about.find((finding) => finding.code === code);
      assert.ok(hit, `${code} was not found in ${JSON.stringify(about)}`);
      assert.equal(hit.verdict, onlyWarning ?? "problem");
      assert.ok(hit.fix);
      // Another finding of the same check may be green only where it is about something else.
      assert.ok(about.every(({ verdict }) => verdict !== "ok") || check === "provider entry");
      assert.ok(!doctorLines(findings, plain).join("\n").includes(SECRET));
    });
  }

  test("every fault has a code of its own, unless it is the same fault in another place", () => {
    const codes = FAULTS.map(([, , , code]) => code);
    const twice = codes.filter((code, index) => codes.indexOf(code) !== index);
    assert.deepEqual([...new Set(twice)].sort(), [
      "config_invalid",
      "mmx_login_left",
      "model_unknown",
      "provider_unknown",
    ]);
    assert.ok(new Set(codes).size >= 20);
  });

  test("what could not be looked at is not checked, and never green", async () => {
    const broken = () => {
      throw Object.assign(new Error(SECRET), { code: "EIO" });
    };
    const findings = await runChecks(
      input({
        hostVersion: undefined,
        exists: broken,
        modeOf: broken,
        auth: { stored: broken, probe: broken, usage: broken, askModel: broken },
        ...source(broken),
      }),
    );
    const green = findings.filter(({ verdict }) => verdict === "ok").map(({ check }) => check);
    for (const check of [
      "host version",
      "plugin order",
      "state file",
      "keychain",
      "sign-in",
      "token",
      "endpoint",
      "base URL",
    ]) {
      assert.ok(!green.includes(check), `${check} is green`);
    }
    assert.ok(!JSON.stringify(findings).includes(SECRET));
  });

  test("a source that cannot be read is not checked", async () => {
    const findings = await runChecks(input(source(async () => "unreadable")));
    assert.equal(findings.find(({ check }) => check === "plain text: mmx-cli")?.verdict, "unchecked");
  });

  test("offline nothing is asked of MiniMax, and what only it knows is not checked", async () => {
    const never = () => assert.fail("nothing may leave this machine");
    const findings = await runChecks(
      input({ online: false, auth: { probe: never, usage: never, askModel: never } }),
    );
    const open = findings.filter(({ verdict }) => verdict === "unchecked").map(({ check }) => check);
    assert.deepEqual(open, ["clock", "sign-in server", "plan", "models in the plan"]);
    assert.ok(findings.every(({ verdict }) => verdict === "ok" || verdict === "unchecked"));
  });

  for (const nonsense of [
    undefined,
    null,
    7,
    "text",
    [],
    { models: 3, agents: "x", plugins: [] },
    {
      models: { providers: { "minimax-portal": [] } },
      agents: { defaults: { model: 4, models: 5 }, entries: [null] },
    },
  ]) {
    test(`a config of nonsense is looked through: ${JSON.stringify(nonsense)}`, async () => {
      const findings = await runChecks(input({ config: nonsense }));
      const provider = findings.find(({ check }) => check === "provider entry");
      assert.equal(provider?.verdict, "problem");
    });
  }

  test("a model that answers with something else is not checked, and the server's words are not repeated", async () => {
    const askModel = async () => ({ status: 529, meaning: "overloaded" as const });
    const findings = await runChecks(input({ auth: { askModel } }));
    const about = findings.find(({ check }) => check === "models in the plan");
    assert.deepEqual(
      [about?.verdict, about?.text],
      ["unchecked", "not checked: MiniMax-M3 answered HTTP 529"],
    );
  });

  test("all is well: every line is green", async () => {
    const findings = await runChecks(input());
    assert.deepEqual(
      findings.filter(({ verdict }) => verdict !== "ok"),
      [],
    );
  });

  test("one line for each check, no wider than the terminal, with code and fix below a fault", async () => {
    const findings = await runChecks(input(provider({ apiKey: SECRET })));
    const lines = doctorLines(findings, plain);
    assert.ok(
      lines.every((line) => line.length <= 80),
      lines.join("\n"),
    );
    assert.match(
      lines.join("\n"),
      /✗ placeholder [^→]*\[placeholder_foreign\]\n\s+→ openclaw minimax-portal login/,
    );
    assert.equal(lines.at(-1), "1 problem");
  });

  test("a command to copy stays on one line, however long its path is", () => {
    const path = `/home/somebody with a long name/.openclaw/npm/projects/${"0".repeat(64)}/node_modules/ours`;
    const fix = `openclaw config set plugins.load.paths '["${path}"]'`;
    const lines = doctorLines(
      [{ check: "plugin order", verdict: "problem", code: "x", text: "y", fix }],
      plain,
    );
    assert.ok(lines.includes(`  → ${fix}`), lines.join("\n"));
  });

  test("a command to copy stays on one line", async () => {
    const lines = doctorLines(await runChecks(input({ pluginConfig: { endpoints: {} } })), plain);
    const command = "openclaw config unset plugins.entries.minimax-keychain.config.endpoints";
    assert.ok(
      lines.some((line) => line.includes(command)),
      lines.join("\n"),
    );
  });
});
