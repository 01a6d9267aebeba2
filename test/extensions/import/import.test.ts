import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { CommandContext } from "../../../extensions/minimax-keychain/cli/command.ts";
import { minimaxCliSource, mmxSource } from "../../../extensions/minimax-keychain/import/file-sources.ts";
import { type ImportOptions, importLogin } from "../../../extensions/minimax-keychain/import/import.ts";
import type { PlainLoginSource } from "../../../extensions/minimax-keychain/import/sources.ts";
import { AuthError } from "../../../src/index.ts";
import { authError } from "../../support/auth-error.ts";
import { loginElsewhere, MMX_CLIENT, OPENCLAW_CLIENT } from "../../support/plain-login.ts";
import { portalScene } from "../../support/portal-scene.ts";

async function scene(t: TestContext) {
  const portal = await portalScene(t);
  const home = mkdtempSync(join(tmpdir(), "import-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const env = { HOME: home };
  const file = join(home, ".mmx", "config.json");
  mkdirSync(join(home, ".mmx"));
  const printed: string[] = [];
  let configWrites = 0;
  const host = {
    authored: async (): Promise<unknown> => ({}),
    async change() {
      configWrites++;
      return true;
    },
  };
  const context = {
    auth: portal.auth,
    runtime: { config: {}, rootDir: "/plugin" },
    config: {},
    account: "default",
    json: false,
    out: { log: (line: string) => printed.push(line), error: (line: string) => printed.push(line) },
  } as unknown as CommandContext;
  const sources = [mmxSource(env), minimaxCliSource(env)];
  return {
    ...portal,
    home,
    file,
    printed,
    configWrites: () => configWrites,
    put: (oauth: unknown) =>
      writeFileSync(file, JSON.stringify({ output: "text", region: "global", oauth }), { mode: 0o600 }),
    run: (options: ImportOptions = {}, from: PlainLoginSource[] = sources) =>
      importLogin(context, options, from, host),
    host,
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function mmxLogin({ portal }: Scene, region?: "cn") {
  const { access_token, refresh_token, expired_in } = await loginElsewhere(portal, MMX_CLIENT, region);
  return {
    access_token,
    refresh_token,
    expires_at: new Date(expired_in).toISOString(),
    region: region ?? "global",
  };
}

/** The old place is as it was, and nobody is signed in here. */
async function nothingLost({ file, auth, configWrites }: Scene, before: string): Promise<void> {
  assert.equal(readFileSync(file, "utf8"), before);
  assert.equal(await auth.status("default"), undefined);
  assert.equal(configWrites(), 0);
}

describe("openclaw minimax-portal import", () => {
  test("without a login anywhere it says so", async (t) => {
    await assert.rejects((await scene(t)).run(), authError("login_missing"));
  });

  test("an unknown place is wrong use", async (t) => {
    await assert.rejects((await scene(t)).run({ from: "nowhere" }), authError("usage_wrong"));
  });

  test("a file that is no JSON is left as it is", async (t) => {
    const here = await scene(t);
    writeFileSync(here.file, "{ half");
    await assert.rejects(here.run({ from: "mmx" }), authError("login_malformed"));
    await nothingLost(here, "{ half");
  });

  for (const [name, oauth] of [
    ["without a refresh token", { access_token: "a", expires_at: "2026-11-22T00:00:00Z" }],
    ["without a date", { access_token: "a", refresh_token: "b", expires_at: "soon" }],
    ["that is a word", "yes"],
    ["that is null", null],
  ] as const) {
    test(`a login ${name} is malformed, and left as it is`, async (t) => {
      const here = await scene(t);
      here.put(oauth);
      await assert.rejects(here.run(), authError("login_malformed"));
      await nothingLost(here, readFileSync(here.file, "utf8"));
      assert.equal(here.refreshCalls(), 0);
    });
  }

  test("a login that MiniMax no longer accepts is said to be dead, and left as it is", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here));
    const before = readFileSync(here.file, "utf8");
    here.portal.regions.global.revokeAll();
    await assert.rejects(here.run(), authError("grant_rejected"));
    await nothingLost(here, before);
  });

  test("MiniMax cannot be reached: nothing is changed, and it works later", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here));
    const before = readFileSync(here.file, "utf8");
    here.portal.settings.faults = [{ path: "/oauth2/token", kind: "status", status: 503, times: 1 }];
    await assert.rejects(here.run(), authError("portal_unavailable"));
    await nothingLost(here, before);
    assert.equal(await here.run(), 0);
  });

  test("a login that does not name its endpoint is not tried at either", async (t) => {
    const here = await scene(t);
    const { region: _, ...login } = await mmxLogin(here);
    writeFileSync(here.file, JSON.stringify({ oauth: login }));
    await assert.rejects(here.run(), authError("region_unknown"));
    await assert.rejects(here.run({ region: "mars" }), authError("region_unknown"));
    assert.equal(here.refreshCalls(), 0);
    assert.equal(await here.run({ region: "global" }), 0);
  });

  test("an account that is signed in is not overwritten; the other login can be deleted", async (t) => {
    const here = await scene(t);
    await here.signIn();
    here.put(await mmxLogin(here));
    await assert.rejects(here.run(), authError("already_signed_in"));
    assert.equal(here.refreshCalls(), 0);
    assert.equal(await here.run({ discard: true }), 0);
    assert.deepEqual(JSON.parse(readFileSync(here.file, "utf8")), { output: "text", region: "global" });
  });

  test("a config that cannot be written to is said before the refresh that ends the old copy", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here));
    const before = readFileSync(here.file, "utf8");
    here.host.authored = async () => ({ models: { $include: "./models.json" } });
    await assert.rejects(here.run(), (error: Error) => {
      return authError("config_include")(error) && error.message.includes("import --from mmx");
    });
    assert.equal(here.refreshCalls(), 0);
    await nothingLost(here, before);
  });

  test("a config that is refused after all: the sign-in is kept, and the way on is not to import again", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here));
    here.host.change = () =>
      Promise.reject(
        new AuthError("config_not_written", { what: "It is read-only.", next: "Run it again." }),
      );
    await assert.rejects(here.run(), /read-only\. The login was taken over.*preset oauth/);
    assert.equal((await here.auth.stored("default")).generation, 2);
  });

  test("logins of several programs are not deleted at one word", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here));
    mkdirSync(join(here.home, ".minimax"));
    const file = join(here.home, ".minimax", "oauth_creds.json");
    writeFileSync(file, JSON.stringify({ access_token: "a", refresh_token: "b", expiry_date: 1 }));
    await assert.rejects(here.run({ discard: true }), (error: Error) => {
      return (
        authError("usage_wrong")(error) && /--from mmx --discard.*--from minimax-cli/.test(error.message)
      );
    });
    assert.ok(existsSync(file));
    assert.equal(await here.run({ discard: true, from: "mmx" }), 0);
    assert.ok(existsSync(file));
  });

  test("an old copy that cannot be deleted is said, with the command, and the new sign-in stays", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here));
    const [source] = [mmxSource({ HOME: here.home })];
    const stuck: PlainLoginSource = {
      ...source,
      find: async () => {
        const found = await source.find();
        if (found === "unreadable") return found;
        return found.map((each) => ({ ...each, remove: () => Promise.reject(new Error("busy")) }));
      },
    };
    assert.equal(await here.run({}, [stuck]), 1);
    assert.match(here.printed.join("\n"), /could not be deleted \(busy\).*--discard/);
    assert.equal((await here.auth.stored("default")).generation, 2);
  });

  test("mmx-cli's login moves into the keychain; its settings stay, and so does the file's mode", async (t) => {
    const here = await scene(t);
    const login = await mmxLogin(here);
    here.put(login);
    assert.equal(await here.run(), 0);
    assert.deepEqual(JSON.parse(readFileSync(here.file, "utf8")), { output: "text", region: "global" });
    assert.equal(statSync(here.file).mode & 0o777, 0o600);
    assert.equal(here.configWrites(), 1);
    assert.equal(here.refreshCalls(), 1);
    assert.ok(!here.printed.join("").includes(login.refresh_token));
  });

  test("it is refreshed later with the client that it was issued to", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here));
    await here.run();
    const { generation } = await here.auth.refresh("default");
    assert.equal(generation, 3);
    assert.equal(here.portal.record.tokenCalls.at(-1)?.clientId, MMX_CLIENT);
  });

  test("the older MiniMax CLI's file goes as a whole", async (t) => {
    const here = await scene(t);
    const { access_token, refresh_token, expired_in } = await loginElsewhere(here.portal, OPENCLAW_CLIENT);
    mkdirSync(join(here.home, ".minimax"));
    const file = join(here.home, ".minimax", "oauth_creds.json");
    writeFileSync(file, JSON.stringify({ access_token, refresh_token, expiry_date: expired_in }));
    assert.equal(await here.run({ from: "minimax-cli", region: "global" }), 0);
    assert.equal(existsSync(file), false);
  });

  test("a login of CN is proven at CN", async (t) => {
    const here = await scene(t);
    here.put(await mmxLogin(here, "cn"));
    assert.equal(await here.run(), 0);
    assert.equal((await here.auth.stored("default")).region, "cn");
  });
});
