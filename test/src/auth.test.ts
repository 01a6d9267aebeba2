import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Portal, type PortalOptions, startPortal } from "../../fixtures/portal/index.ts";
import { type Auth, type AuthOptions, createAuth, type ErrorCode, type RegionId } from "../../src/index.ts";
import type { Keychain } from "../../src/keychain/index.ts";
import { authError } from "../support/auth-error.ts";
import { memoryKeychain } from "../support/memory-keychain.ts";

const LIFE = 3_600_000;

interface Scene {
  readonly directory: string;
  readonly portal: Portal;
  readonly auth: Auth;
  /** The same person's plugin in another process, as far as memory goes. */
  another(options?: Partial<AuthOptions>): Auth;
  /** Turns both this machine's clock and the portal's. */
  advance(ms: number): void;
  signIn(region?: RegionId, decide?: "approve" | "deny" | "nothing", inProcess?: Auth): Promise<unknown>;
}

async function scene(t: TestContext, settings: PortalOptions["settings"] = {}): Promise<Scene> {
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => setImmediate(resolve)).then(() => signal?.throwIfAborted()),
  };
  const portal = await startPortal({ clock, settings: { accessTokenLifeMs: LIFE, ...settings } });
  const directory = mkdtempSync(join(tmpdir(), "auth-"));
  t.after(async () => {
    await portal.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const endpoints = (region: RegionId) => ({
    authorization: portal.regions[region].url,
    inference: `${portal.regions[region].url}/anthropic`,
  });
  let instance = 0;
  const another: Scene["another"] = (options) =>
    createAuth({
      // Another spelling of the same folder keeps this instance's memory apart, as another process's is.
      stateDirectory: directory + "/.".repeat(instance++),
      keychainChild: "unused",
      env: { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "a passphrase for a test" },
      tokenStore: "encrypted-file",
      endpoints: { global: endpoints("global"), cn: endpoints("cn") },
      clock,
      ...options,
    });
  const auth = another();
  return {
    directory,
    portal,
    auth,
    another,
    advance: (ms) => {
      ahead += ms;
    },
    signIn: (region = "global", decide = "approve", inProcess = auth) =>
      inProcess.signIn({
        account: "default",
        region,
        onWait: () => {},
        async show({ userCode }) {
          if (decide !== "nothing") portal.regions[region][decide](userCode);
        },
      }),
  };
}

const refreshCalls = ({ portal }: Scene) =>
  portal.record.tokenCalls.filter(({ grant }) => grant === "refresh_token").length;

const broken: [string, PortalOptions["settings"], ErrorCode][] = [
  ["the answer's state is another one", { echoWrongState: true }, "state_mismatch"],
  [
    "resource_url is not MiniMax's",
    { resourceUrl: "https://evil.example/anthropic" },
    "resource_url_rejected",
  ],
  [
    "the code page answers HTML",
    { faults: [{ path: "/oauth2/device/code", kind: "html-502" }] },
    "portal_unavailable",
  ],
  [
    "the code page redirects",
    { faults: [{ path: "/oauth2/device/code", kind: "redirect", location: "/x" }] },
    "portal_redirected",
  ],
  [
    "the code page sends 50 MB",
    { faults: [{ path: "/oauth2/device/code", kind: "huge-body" }] },
    "answer_too_large",
  ],
  [
    "the code page sends half an answer",
    { faults: [{ path: "/oauth2/device/code", kind: "truncated-json" }] },
    "answer_invalid",
  ],
  [
    "the code page hangs up",
    { faults: [{ path: "/oauth2/device/code", kind: "reset" }] },
    "portal_unreachable",
  ],
  [
    "the token page redirects",
    { faults: [{ path: "/oauth2/token", kind: "redirect", location: "/x" }] },
    "portal_redirected",
  ],
  [
    "the token's expiry is absurd",
    {
      faults: [
        {
          path: "/oauth2/token",
          kind: "body",
          body: { status: "success", access_token: "a", refresh_token: "r", expired_in: -1 },
        },
      ],
    },
    "answer_invalid",
  ],
];

for (const [name, settings, code] of broken) {
  test(`${name}: ${code}, and nothing is stored`, async (t) => {
    const here = await scene(t, settings);
    await assert.rejects(here.signIn(), authError(code));
    assert.equal(await here.auth.status("default"), undefined);
  });
}

test("the person denies: said so, and nothing is stored", async (t) => {
  const here = await scene(t);
  await assert.rejects(here.signIn("global", "deny"), authError("access_denied"));
  assert.equal(await here.auth.status("default"), undefined);
});

test("a sign-in that fails leaves the one before it alone", async (t) => {
  const here = await scene(t);
  await here.signIn();
  await assert.rejects(here.signIn("cn", "deny"), authError("access_denied"));
  assert.equal((await here.another().token("default")).region, "global");
});

test("the host withdraws the sign-in while it waits: no more polling, nothing stored", async (t) => {
  const here = await scene(t);
  let allowed = true;
  const withdrawn = here.auth.signIn({
    account: "default",
    region: "global",
    onWait: () => {},
    async show({ userCode }) {
      allowed = false;
      here.portal.regions.global.approve(userCode);
    },
    assertCurrent() {
      if (!allowed) throw new Error("withdrawn by the host");
    },
  });
  await assert.rejects(withdrawn, /withdrawn by the host/);
  assert.equal(here.portal.record.tokenCalls.length, 0);
});

for (const region of ["global", "cn"] as const) {
  test(`a sign-in at ${region} gives a live token with its region and address`, async (t) => {
    const here = await scene(t);
    await here.signIn(region);
    const token = await here.auth.token("default");
    assert.deepEqual([token.region, token.generation], [region, 1]);
    assert.equal(token.baseUrl, `${here.portal.regions[region].url}/anthropic`);
  });
}

test("a restart signs itself in again, and refreshes a token that expired meanwhile", async (t) => {
  const here = await scene(t);
  await here.signIn();
  assert.equal((await here.another().token("default")).generation, 1);
  here.advance(LIFE + 1);
  assert.equal((await here.another().token("default")).generation, 2);
  assert.equal(refreshCalls(here), 1);
});

test("BP-03 many processes that find the token expired refresh it once", async (t) => {
  const here = await scene(t);
  await here.signIn();
  here.advance(LIFE + 1);
  const processes = Array.from({ length: 8 }, () => here.another());
  const tokens = await Promise.all(
    processes.flatMap((auth) => [auth.token("default"), auth.token("default")]),
  );
  assert.deepEqual([...new Set(tokens.map(({ generation }) => generation))], [2]);
  assert.equal(refreshCalls(here), 1);
});

test("a long outage costs nothing", async (t) => {
  const here = await scene(t);
  await here.signIn();
  here.advance(LIFE + 1);
  here.portal.settings.faults.push({ path: "/oauth2/token", kind: "html-502", times: 3 });
  for (let i = 0; i < 3; i++)
    await assert.rejects(here.auth.token("default"), authError("portal_unavailable"));
  assert.equal((await here.auth.token("default")).generation, 2);
});

test("a revoked sign-in asks for a new one, which works again", async (t) => {
  const here = await scene(t);
  await here.signIn();
  here.portal.regions.global.revokeAll();
  here.advance(LIFE + 1);
  for (let i = 0; i < 3; i++) await assert.rejects(here.auth.token("default"), authError("sign_in_required"));
  await assert.rejects(here.another().token("default"), authError("sign_in_required"));
  assert.equal(refreshCalls(here), 1);
  await here.signIn();
  assert.equal((await here.auth.token("default")).generation, 1);
});

test("a lock that cannot be used is told before the person is asked for anything", async (t) => {
  const { directory, portal, signIn } = await scene(t);
  mkdirSync(join(directory, "default.lock"));
  await assert.rejects(signIn(), authError("state_unavailable"));
  assert.equal(portal.record.requests.length, 0);
});

test("keychains that hold no sign-in are not asked again at each request, but at once after a sign-in", async (t) => {
  const { directory, another, advance, signIn } = await scene(t);
  const calls = join(directory, "calls");
  writeFileSync(calls, "");
  const child = join(directory, "empty-keychain.cjs");
  writeFileSync(
    child,
    `require("fs").appendFileSync(${JSON.stringify(calls)}, "x"); console.log('{"ok":true}');`,
  );
  const auth = another({ tokenStore: "keytar", keychainChild: child });
  const asked = () => readFileSync(calls, "utf8").length;
  for (let request = 0; request < 3; request++) {
    await assert.rejects(auth.token("default"), authError("sign_in_required"));
  }
  const first = asked();
  assert.ok(first > 0);
  advance(60_000);
  await assert.rejects(auth.token("default"), authError("sign_in_required"));
  const second = asked();
  assert.ok(second > first);
  await signIn();
  assert.equal((await auth.token("default")).generation, 1);
});

test("signing out leaves no item behind", async (t) => {
  const here = await scene(t);
  await here.signIn();
  assert.equal(await here.auth.signOut("default"), true);
  assert.equal(await here.auth.status("default"), undefined);
  await assert.rejects(here.auth.token("default"), authError("sign_in_required"));
  assert.equal(await here.auth.signOut("default"), false);
});

test("a lost state file is rebuilt from the store", async (t) => {
  const here = await scene(t);
  await here.signIn();
  rmSync(join(here.directory, "state.sqlite"));
  const after = here.another();
  assert.equal((await after.token("default")).generation, 1);
  assert.equal((await after.status("default"))?.store, "encrypted-file");
});

test("a sign-in that was moved is found by every process, and refreshed where it is now", async (t) => {
  const here = await scene(t);
  await here.signIn();
  const keychain = memoryKeychain();
  const inKeychain = here.another({
    tokenStore: "keytar",
    replaceStore: (store) => (store === "keytar" ? keychain : undefined),
  });
  await inKeychain.signOut("default");
  await here.signIn("global", "approve", inKeychain);
  assert.deepEqual(await inKeychain.moveTo("default", "encrypted-file"), {
    from: "keytar",
    to: "encrypted-file",
  });
  here.advance(LIFE + 1);
  assert.equal((await inKeychain.token("default")).generation, 2);
  assert.equal((await here.another().token("default")).generation, 2);
});

test("asking what is stored and then for the plan reads the keychain once", async (t) => {
  const here = await scene(t);
  const keychain = memoryKeychain();
  let reads = 0;
  const counted: Keychain = {
    ...keychain,
    get(account) {
      reads++;
      return keychain.get(account);
    },
  };
  const options = { tokenStore: "keytar", replaceStore: () => counted } as const;
  await here.signIn("global", "approve", here.another(options));
  const command = here.another(options);
  reads = 0;
  assert.equal((await command.stored("default")).generation, 1);
  assert.equal((await command.usage("default")).rows.length, 2);
  assert.equal(reads, 1);
});
