import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { command, mustSucceed } from "../../fixtures/openclaw/command.ts";
import { packLater } from "../../fixtures/openclaw/pack.ts";
import { loginElsewhere, OPENCLAW_CLIENT } from "../support/plain-login.ts";
import { assertNoTrace } from "./no-trace.ts";
import { assertEachCarried, modelRequests, refreshCalls } from "./record.ts";
import { editConfig, IN_A_WORLD, startWorld, type World } from "./world.ts";

const ROOT = dirname(dirname(import.meta.dirname));
const HOUR_MS = 3_600_000;

// One story of one person, as in sign-in.test.ts: each test goes on where the one before ended.
describe("openclaw minimax-portal", IN_A_WORLD, () => {
  let world: World;
  before(async () => {
    world = await startWorld({ autoApprove: "approve", accessTokenLifeMs: HOUR_MS });
  });
  after(() => world?.end());

  const portal = (...args: string[]) => world.openclaw(["minimax-portal", ...args]);
  /** A command with `--json`: its exit code and what it output. */
  async function json(...args: string[]) {
    const { code, stdout, stderr } = await portal(...args, "--json");
    assert.ok(stdout.includes("{"), `${args.join(" ")} printed no JSON:\n${stdout}\n${stderr}`);
    return { code, output: JSON.parse(stdout.slice(stdout.indexOf("{"))) };
  }
  const providerInConfig = () => JSON.parse(world.config()).models?.providers?.["minimax-portal"];

  test("the doctor of a fresh install names what is missing, and asks nobody", async () => {
    const { code, output } = await json("doctor");
    assert.equal(code, 1);
    const codes = output.findings.map((finding: { code: string }) => finding.code);
    for (const missing of ["bundled_plugin_wins", "provider_missing", "not_signed_in"]) {
      assert.ok(codes.includes(missing), codes.join(", "));
    }
    assert.deepEqual(world.portal.record.requests, []);
  });

  test("wrong use ends with 2 and changes nothing", async () => {
    const wrong = [
      ["nonsense"],
      ["status", "--nonsense"],
      ["login", "--region", "mars"],
      ["usage", "--account", "nobody"],
    ];
    for (const args of wrong) assert.equal((await portal(...args)).code, 2, args.join(" "));
    assert.deepEqual(await world.accountsInKeychain(), []);
  });

  test("`login` signs in and completes the config", async () => {
    const { code, output } = await json("login", "--region", "global");
    assert.equal(code, 0);
    assert.deepEqual([output.region, output.configChanged], ["global", true]);
    assert.equal(providerInConfig().apiKey, "minimax-keychain:default");
    assert.deepEqual(await world.accountsInKeychain(), ["default"]);
  });

  test("`status` shows the sign-in and the plan", async () => {
    let { code, output } = await json("status");
    // It gives MiniMax three seconds, and a machine that does much else may take them all.
    for (let again = 0; output.usage.error?.code === "portal_timed_out" && again < 5; again++)
      ({ code, output } = await json("status"));
    assert.equal(code, 0);
    assert.deepEqual([output.signedIn, output.region, output.keychain.generation], [true, "global", 1]);
    assert.deepEqual(
      output.usage.rows.map(({ name }: { name: string }) => name),
      ["general", "video"],
    );
  });

  test("`usage` draws the plan, in 80 columns", async () => {
    const { code, stdout } = await portal("usage");
    assert.equal(code, 0);
    assert.match(stdout, /general +█+░+ +72 % left/);
    assert.match(stdout, /week +·+ unlimited/);
    assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  });

  test("`refresh` is one refresh", async () => {
    const { code, output } = await json("refresh");
    assert.deepEqual([code, output.generation, refreshCalls(world.portal)], [0, 2, 1]);
  });

  test("what the doctor says to a folder of the plugin that is gone puts it right", async () => {
    const gone = "/nowhere/node_modules/openclaw-minimax-keychain";
    editConfig(world, (config) => {
      const plugins = config.plugins as { load: { paths: string[] } };
      return { ...config, plugins: { ...plugins, load: { paths: [gone, ...plugins.load.paths] } } };
    });
    const { output } = await json("doctor");
    const found = output.findings.find(({ code }: { code?: string }) => code === "load_path_gone");
    const [, paths = ""] = /^openclaw config set plugins\.load\.paths '(.*)'$/.exec(found?.fix) ?? [];
    mustSucceed("the fix", await world.openclaw(["config", "set", "plugins.load.paths", paths]));
    assert.equal(JSON.parse(world.config()).plugins.load.paths.length, 1);
  });

  test("the doctor finds nothing wrong", async () => {
    const { code, output } = await json("doctor", "--online");
    const problems = output.findings.filter(({ verdict }: { verdict: string }) => verdict === "problem");
    assert.deepEqual(problems, []);
    assert.equal(code, 0);
  });

  test("a login in OpenClaw's own store is found, and not taken over a sign-in that works", async () => {
    const login = await loginElsewhere(world.portal, OPENCLAW_CLIENT);
    await putIntoOpenClaw(world, login);
    // A copy of another agent's own, as OpenClaw makes it for an agent that somebody signs in for.
    await putIntoOpenClaw(world, login, "work");
    const { output } = await json("doctor");
    assert.ok(output.findings.some(({ code }: { code: string }) => code === "openclaw_login_left"));
    const { code, output: refused } = await json("import", "--region", "global");
    assert.deepEqual([code, refused.error.code], [1, "already_signed_in"]);
  });

  test("`logout` deletes the tokens; the config keeps its place for the next sign-in", async () => {
    assert.equal((await portal("logout")).code, 0);
    assert.deepEqual(await world.accountsInKeychain(), []);
    assert.ok(providerInConfig());
    assert.equal((await portal("status")).code, 1);
  });

  test("`import` takes the login over, a turn works with it, and the old place holds no token", async () => {
    const { code, output } = await json("import", "--region", "global");
    assert.deepEqual([code, output.leftover], [0, undefined]);
    const before = modelRequests(world.portal).length;
    await world.openclaw(["infer", "model", "run", "--local", "--prompt", "hi"]);
    assertEachCarried(modelRequests(world.portal).slice(before), { region: "global", generation: 2 });
    const { output: after } = await json("doctor");
    assert.ok(after.findings.every(({ code }: { code: string }) => code !== "openclaw_login_left"));
  });

  test("an update takes the place of the version before it, and the sign-in stays", async () => {
    await world.host.install(await packLater("9.9.9"));
    const [root = "", ...more] = JSON.parse(world.config()).plugins.load.paths;
    assert.deepEqual(more, []);
    assert.equal(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version, "9.9.9");
    const { code, output } = await json("status");
    assert.deepEqual([code, output.keychain.generation], [0, 2]);
  });

  test("`logout --all` takes what signing in wrote out of the config", async () => {
    assert.equal((await portal("logout", "--all")).code, 0);
    assert.deepEqual(await world.accountsInKeychain(), []);
    assert.equal(providerInConfig(), undefined);
  });

  test("no secret was left in a file, a log or the output", () => assertNoTrace(world));
});

/** A login as the bundled plugin stores it, through the host's own SDK. */
async function putIntoOpenClaw(
  { host }: World,
  { access_token, refresh_token, expired_in }: Awaited<ReturnType<typeof loginElsewhere>>,
  agent?: string,
): Promise<void> {
  const stateDirectory = host.env.OPENCLAW_STATE_DIR ?? "";
  const agentDir = agent && join(stateDirectory, "agents", agent, "agent");
  const credential = {
    type: "oauth",
    provider: "minimax-portal",
    access: access_token,
    refresh: refresh_token,
    expires: expired_in,
  };
  const script = `
    import { upsertAuthProfileWithLock } from "openclaw/plugin-sdk/provider-auth";
    const login = JSON.parse(process.env.LOGIN);
    if (!(await upsertAuthProfileWithLock({ profileId: "minimax-portal:default", ...login }))) process.exit(1);
    process.exit(0);`;
  const env = { ...host.env, LOGIN: JSON.stringify({ credential, ...(agentDir ? { agentDir } : {}) }) };
  const args = ["--input-type=module", "-e", script];
  mustSucceed("storing a login", await command(process.execPath, args, { env, cwd: ROOT }));
}
