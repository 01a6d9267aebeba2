// The tests of shipped-hosts.test.ts, to be run inside the namespaces. Argument: the folder that holds
// the certificates and an OpenClaw with the plugin installed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { createHost, type Host, ONBOARD_FLAGS } from "../../../fixtures/openclaw/throwaway.ts";
import { type Portal, type Region, startPortal } from "../../../fixtures/portal/index.ts";
import { type SecretService, startSecretService } from "../../../fixtures/secret-service/start.ts";
import { serverCertificate } from "./certificate.ts";
import { ADDRESSES, shippedUrls } from "./hosts.ts";

const [, , directory = ""] = process.argv;
const MESSAGES = "/anthropic/v1/messages";
/** A turn is half a minute of the processor's time; a busy machine takes longer. */
const PATIENT = { timeoutMs: 300_000 };

describe("with the hosts it ships", () => {
  let secrets: SecretService;
  let portal: Portal;
  let host: Host;

  before(async () => {
    secrets = await startSecretService({ directory: join(directory, "secrets") });
    portal = await startPortal({
      tls: serverCertificate(directory),
      ports: { global: 443, cn: 443 },
      listenHosts: ADDRESSES,
      publicUrls: { global: shippedUrls("global"), cn: shippedUrls("cn") },
      settings: { autoApprove: "approve", intervalMs: 1000 },
    });
    host = createHost({ directory, env: secrets.env });
  });
  beforeEach(() => portal.resetRecord());
  after(async () => {
    await portal?.close();
    await secrets?.stop();
  });

  const onboard = (more: readonly string[] = [], env = host.env) => {
    const gateway = ["--gateway-port", "39558", "--gateway-auth", "token", "--gateway-token", "throwaway"];
    const choice = ["--auth-choice", "minimax-portal", ...more];
    return host.openclaw(["onboard", "--non-interactive", ...ONBOARD_FLAGS, ...gateway, ...choice], {
      env,
      ...PATIENT,
    });
  };
  const config = () => JSON.parse(readFileSync(host.configPath, "utf8"));

  /** The requests for a model's answer, and that they went to `region` alone and by its own name. */
  function askedIn(region: Region) {
    const other = region === "global" ? "cn" : "global";
    assert.deepEqual(portal.regions[other].record.requests, []);
    const asked = portal.regions[region].record.requests.filter(({ path }) => path === MESSAGES);
    for (const { headers } of asked) {
      assert.equal(headers.host, new URL(shippedUrls(region).inference).host);
    }
    return asked.map(({ status, token }) => ({
      status,
      bearer: token?.via !== "x-api-key",
      generation: token?.generation,
    }));
  }

  function assertSignedInAt(region: Region) {
    const { baseUrl, api, models } = config().models.providers["minimax-portal"];
    assert.equal(baseUrl, `${shippedUrls(region).inference}/anthropic`);
    assert.equal(api, "anthropic-messages");
    assert.ok(models.length > 0);
    assert.equal(config().plugins.entries["minimax-keychain"].config?.endpoints, undefined);
    const asked = portal.regions[region].record.requests.filter(({ path }) => path.startsWith("/oauth2/"));
    assert.ok(asked.length >= 2);
    for (const { headers } of asked) {
      assert.equal(headers.host, new URL(shippedUrls(region).authorization).host);
    }
  }

  test("a server that cannot prove that it is MiniMax is told nothing", async () => {
    const { code, stdout, stderr } = await onboard([], { ...host.env, NODE_EXTRA_CA_CERTS: undefined });
    assert.notEqual(code, 0);
    assert.match(
      stdout + stderr,
      /certificate of account\.minimax\.io is not trusted on this machine .*\[portal_certificate\]/,
    );
    assert.deepEqual(portal.record.requests, []);
  });

  test("onboarding signs in at account.minimax.io and sends requests to api.minimax.io", async () => {
    const { code, stdout, stderr } = await onboard();
    assert.equal(code, 0, stdout + stderr);
    assertSignedInAt("global");
    assert.deepEqual(portal.regions.cn.record.requests, []);
  });

  test("a turn is answered", async () => {
    const { code, stdout, stderr } = await host.turn("hello", PATIENT);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Hello from the stand-in portal \(token generation 1\)/);
    assert.deepEqual(askedIn("global"), [{ status: 200, bearer: true, generation: 1 }]);
  });

  test("a turn with an expired token is answered with a refreshed one", async () => {
    portal.regions.global.expireAccessTokens();
    const { code, stdout, stderr } = await host.turn("hello again", PATIENT);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /token generation 2/);
    assert.deepEqual(askedIn("global"), [
      { status: 401, bearer: true, generation: 1 },
      { status: 200, bearer: true, generation: 2 },
    ]);
    assert.deepEqual(
      portal.record.tokenCalls.map(({ grant, outcome }) => ({ grant, outcome })),
      [{ grant: "refresh_token", outcome: "success" }],
    );
  });

  test("the gateway answers a turn", async () => {
    const gateway = await host.gateway();
    try {
      const { code, stdout, stderr } = await gateway.turn("hello, gateway", PATIENT);
      assert.equal(code, 0, stdout + stderr + gateway.output());
      assert.match(stdout, /token generation 2/);
    } finally {
      assert.equal(await gateway.stop(), 0);
    }
    assert.deepEqual(askedIn("global"), [{ status: 200, bearer: true, generation: 2 }]);
  });

  test("onboarding for China signs in at account.minimaxi.com and moves the requests to api.minimaxi.com", async () => {
    const { code, stdout, stderr } = await onboard(["--minimax-region", "cn"]);
    assert.equal(code, 0, stdout + stderr);
    assertSignedInAt("cn");
    assert.deepEqual(portal.regions.global.record.requests, []);
  });

  test("a turn is answered in China", async () => {
    const { code, stdout, stderr } = await host.turn("ni hao", PATIENT);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /token generation 1/);
    assert.deepEqual(askedIn("cn"), [{ status: 200, bearer: true, generation: 1 }]);
  });
});
