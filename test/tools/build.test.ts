import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { bundledPackages, licenseNotices, packageFolder } from "../../.tools/build/licenses.ts";
import { fingerprint, isBuilt, markBuilt } from "../../.tools/launch/build.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "launch-build-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
}

describe("dist is built again", () => {
  const build = () => {
    put("src/a.ts", "one");
    put("dist/index.js", "built");
    markBuilt(root, fingerprint(root));
  };

  test("when it was never built", () => {
    put("src/a.ts", "one");
    assert.equal(isBuilt(root), false);
  });

  test("when it was deleted", () => {
    build();
    rmSync(join(root, "dist"), { recursive: true });
    assert.equal(isBuilt(root), false);
  });

  test("when a source file was changed, added, renamed or removed", () => {
    const changes = [
      () => put("src/a.ts", "two"),
      () => put("extensions/b.ts", ""),
      () => put("package-lock.json", "{}"),
      () => renameSync(join(root, "src/a.ts"), join(root, "src/c.ts")),
      () => rmSync(join(root, "src/a.ts")),
    ];
    for (const change of changes) {
      build();
      change();
      assert.equal(isBuilt(root), false);
    }
  });

  test("but not when nothing changed, nor when a test did", () => {
    build();
    put("test/a.test.ts", "");
    assert.equal(isBuilt(root), true);
  });
});

describe("licence notices", () => {
  const bundle = (inputs: Record<string, number>) => ({
    inputs: {},
    outputs: {
      "dist/index.js": {
        bytes: 0,
        imports: [],
        exports: [],
        inputs: Object.fromEntries(
          Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
        ),
      },
    },
  });

  test("stop the build when a bundled package has no licence text", () => {
    put("node_modules/bare/package.json", `{ "name": "bare", "version": "1.0.0", "license": "MIT" }`);
    assert.throws(
      () => bundledPackages(root, [bundle({ "node_modules/bare/a.js": 5 })]),
      /bare@1\.0\.0 .*no licence text/,
    );
  });

  test("name each package whose code is in the bundle once, and no other", () => {
    put("node_modules/@a/used/package.json", `{ "name": "@a/used", "version": "1.2.3", "license": "ISC" }`);
    put("node_modules/@a/used/LICENSE.md", "Permission is granted.\r\n");
    const inputs = {
      "src/a.ts": 9,
      "node_modules/@a/used/a.js": 5,
      "node_modules/@a/used/b.js": 5,
      "node_modules/unused/a.js": 0,
    };
    const packages = bundledPackages(root, [bundle(inputs)]);
    const text = licenseNotices(packages, ["/*! a vendored file */", "/*! a vendored file */"]);
    assert.deepEqual(
      packages.map(({ name }) => name),
      ["@a/used"],
    );
    assert.match(text, /@a\/used 1\.2\.3 \(ISC\)\n=+\n\nPermission is granted\.\n/);
    assert.equal(text.match(/a vendored file/g)?.length, 1);
  });

  test("find the innermost package of a file", () => {
    assert.equal(packageFolder("src/a.ts"), undefined);
    assert.equal(packageFolder("node_modules/a/b.js"), "node_modules/a");
    assert.equal(packageFolder("node_modules/a/node_modules/@b/c/d.js"), "node_modules/a/node_modules/@b/c");
  });
});
