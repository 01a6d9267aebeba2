import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { npmEnvironment, npmScript } from "../../.tools/launch/npm.mjs";

const OWN_NODE = "/opt/node/bin/node";

describe("the npm that the launcher starts", () => {
  test("does not inherit what was asked of the outer npm", () => {
    const outer = {
      npm_config_omit: "dev",
      npm_config_dry_run: "true",
      npm_config_global: "true",
      npm_config_local_prefix: "/elsewhere",
      npm_config_workspace: "a",
    };
    const inner = npmEnvironment({ HOME: "/home/a", ...outer }, OWN_NODE, "linux");
    assert.deepEqual(inner, { HOME: "/home/a", PREFIX: "/opt/node" });
  });

  test("keeps the person's registry, credentials, proxies and certificates", () => {
    const settings = {
      npm_config_registry: "https://registry.example",
      "npm_config_@acme:registry": "https://acme.example",
      "npm_config_//registry.example/:_authToken": "not-a-token",
      npm_config_https_proxy: "http://proxy.example",
      npm_config_noproxy: "localhost",
      npm_config_cafile: "/etc/ca.pem",
      npm_config_strict_ssl: "true",
      npm_config_userconfig: "/home/a/.npmrc",
      npm_config_cache: "/home/a/.npm",
      npm_config_prefer_offline: "true",
      HTTPS_PROXY: "http://proxy.example",
    };
    assert.deepEqual(npmEnvironment(settings, OWN_NODE, "linux"), { ...settings, PREFIX: "/opt/node" });
  });

  test("looks for the machine's settings where the person's own npm does", () => {
    assert.equal(npmEnvironment({}, OWN_NODE, "linux").PREFIX, "/opt/node");
    assert.equal(npmEnvironment({}, OWN_NODE, "win32").PREFIX, "/opt/node/bin");
    assert.equal(npmEnvironment({ PREFIX: "/usr/local" }, OWN_NODE, "linux").PREFIX, "/usr/local");
  });
});

describe("npm itself is found", () => {
  const only = (path: string) => (candidate: string) => candidate === path;

  test("nowhere, when neither the environment nor Node's folder has it", () => {
    assert.equal(
      npmScript({}, OWN_NODE, () => false),
      undefined,
    );
  });

  test("not in another package manager that names itself in npm's variable", () => {
    assert.equal(npmScript({ npm_execpath: "/opt/pnpm.cjs" }, OWN_NODE, only("/opt/pnpm.cjs")), undefined);
  });

  test("where `npm run` says it is", () => {
    const path = "/opt/npm/bin/npm-cli.js";
    assert.equal(npmScript({ npm_execpath: path }, OWN_NODE, only(path)), path);
  });

  test("beside the running Node, as Unix and as Windows lay it out", () => {
    for (const path of [
      "/opt/node/lib/node_modules/npm/bin/npm-cli.js",
      "/opt/node/bin/node_modules/npm/bin/npm-cli.js",
    ]) {
      assert.equal(npmScript({}, OWN_NODE, only(join(path))), join(path));
    }
  });
});
