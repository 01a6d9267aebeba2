import assert from "node:assert/strict";
import { globSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { packPlugin } from "../../fixtures/openclaw/pack.ts";
import { createHost } from "../../fixtures/openclaw/throwaway.ts";
import { startSecretService } from "../../fixtures/secret-service/start.ts";
import { chooseKeychain, type KeychainOptions } from "../../src/keychain/index.ts";
import { NEEDS_SERVICE } from "./real-service.ts";

const PACKAGE = "openclaw-minimax-keychain";

test(
  "installed by OpenClaw, without install scripts, it uses keytar where libsecret is, and the other binding where not",
  NEEDS_SERVICE,
  async (t) => {
    const service = await startSecretService();
    t.after(() => service.stop());
    const host = createHost({ env: service.env });
    t.after(() => host.dispose());
    const tarball = await packPlugin();
    t.after(() => rmSync(dirname(tarball), { recursive: true, force: true }));
    await host.install(tarball);

    const projects = join(host.directory, "openclaw", "npm");
    const [child, ...more] = globSync(`**/node_modules/${PACKAGE}/dist/keychain-child.cjs`, {
      cwd: projects,
    });
    assert.ok(child !== undefined && more.length === 0, "installed once");
    const childPath = join(projects, child);
    const installed: KeychainOptions = {
      childPath,
      env: { PATH: process.env.PATH, ...service.env },
      directory: service.directory,
      defaultDeadlineMs: 20_000,
    };
    const withLibsecret = await chooseKeychain("auto", installed);
    t.diagnostic(`with libsecret-1-0: ${withLibsecret.store}`);
    assert.equal(withLibsecret.store, "keytar");

    // A file that is no library hides the real one, as if the package were not installed.
    const hiding = join(host.directory, "hiding");
    await mkdir(hiding);
    await writeFile(join(hiding, "libsecret-1.so.0"), "");
    const env = { ...installed.env, LD_LIBRARY_PATH: hiding };
    const withoutLibsecret = await chooseKeychain("auto", { ...installed, env });
    t.diagnostic(`without it: ${withoutLibsecret.store}`);
    assert.equal(withoutLibsecret.store, "secret-service");
  },
);
