import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ensureBuild } from "../../.tools/launch/build.mjs";
import { packPlugin } from "../../fixtures/openclaw/pack.ts";
import { createHost } from "../../fixtures/openclaw/throwaway.ts";
import { NEEDS_SERVICE } from "../support/needs-secret-service.ts";
import { authorities, makeCertificates } from "./shipped-hosts/certificate.ts";
import { CERTIFIED_NAMES, hostsFile } from "./shipped-hosts/hosts.ts";
import { findWay, runInside } from "./shipped-hosts/namespace.ts";

const ROOT = dirname(dirname(import.meta.dirname));
const INSIDE = join(import.meta.dirname, "shipped-hosts", "inside.ts");
const INSIDE_WITHIN_MS = 1_200_000;

// A loopback base URL hides mistakes, so here nothing is overridden: MiniMax's own host names lead to
// the stand-in, in a network of its own that has no way out.
const way = findWay();
const skip = NEEDS_SERVICE.skip || ("reason" in way ? way.reason : false);

describe("OpenClaw and the plugin in a network where MiniMax is the stand-in", { skip }, () => {
  let directory: string;

  before(async () => {
    await ensureBuild(ROOT, process.execPath, process.env);
    directory = mkdtempSync(join(tmpdir(), "shipped-hosts-"));
    await makeCertificates(directory, CERTIFIED_NAMES);
    writeFileSync(join(directory, "hosts"), hostsFile());
    // Out here, because installing asks npm's registry.
    const home = join(directory, "secrets", "home");
    mkdirSync(home, { recursive: true });
    await createHost({ directory, env: { HOME: home } }).install(await packPlugin(directory));
  });
  after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));

  test("sign-in, turns, refresh and gateway work, Global and China", async (t) => {
    const flags = "flags" in way ? way.flags : [];
    const env = { ...withoutProxies(process.env), NODE_EXTRA_CA_CERTS: authorities(directory) };
    const program = [process.execPath, "--test-reporter=spec", INSIDE, directory];
    const { code, stdout, stderr } = await runInside(flags, join(directory, "hosts"), program, {
      env,
      timeoutMs: INSIDE_WITHIN_MS,
    });
    for (const line of stdout.split("\n").filter((text) => /✔|✖/.test(text))) t.diagnostic(line);
    assert.equal(code, 0, stdout + stderr);
  });
});

/** Without what would lead requests to a proxy, and without the sign of being a test runner's child. */
function withoutProxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(\w+_proxy|NODE_TEST_CONTEXT)$/i.test(name));
  return Object.fromEntries(kept);
}
