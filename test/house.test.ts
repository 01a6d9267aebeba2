import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { expectedManifest, readManifest, UPDATE_COMMAND } from "../.tools/build/manifest.ts";
import { findCycle, folderOf, type Import, readImports } from "../.tools/test/imports.ts";

const root = dirname(import.meta.dirname);
const read = (path: string) => readFileSync(join(root, path), "utf8");
const sources = globSync("{src,extensions,fixtures,test,.tools}/**/*.{ts,mjs}", { cwd: root })
  .map((path) => path.replaceAll("\\", "/"))
  .sort();

const product = sources.filter((path) => /^(src|extensions)\//.test(path));

/** From the top: what may import what lies below it. The plugin is above all of them. */
const FLOORS = [
  ["src/index.ts"],
  ["src/auth.ts"],
  ["src/accounts", "src/api-key"],
  ["src/oauth", "src/minimax", "src/state"],
  ["src/http", "src/keychain", "src/tokens"],
  ["src/base"],
];

const TOP_LEVEL = [
  ...["src", "extensions", "fixtures", "test"],
  ...["openclaw.plugin.json", "package.json", "package-lock.json", "tsconfig.json", "biome.json"],
  ...["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"],
];

describe("the house", () => {
  let imports: readonly Import[] = [];
  before(async () => {
    imports = await readImports(root, sources);
  });

  /** Imports of one part of the tree that a rule forbids, as `file → target`. */
  const offending = (from: string, forbidden: (target: string) => boolean) =>
    imports
      .filter((each) => each.from.startsWith(from) && forbidden(each.to))
      .map(({ from, to }) => `${from} → ${to}`);
  const isIn =
    (...folders: string[]) =>
    (path: string) =>
      folders.some((folder) => path.startsWith(`${folder}/`));
  const isOurs = isIn("src", "extensions", "fixtures", "test", ".tools");

  test("the import graph is really read: a folder is seen to import another", () => {
    assert.ok(imports.some(({ from, to }) => isIn("src/keychain")(from) && isIn("src/base")(to)));
    assert.ok(imports.some(({ from, to }) => isIn("src")(from) && to === "zod"));
  });

  test("src knows nothing of OpenClaw, the plugin, the fixtures and the tests", () => {
    const beyond = (to: string) => /^openclaw($|\/)/.test(to) || (isOurs(to) && !isIn("src")(to));
    assert.deepEqual(offending("src/", beyond), []);
  });

  test("minimax, oauth and keychain do not import each other", () => {
    const folders = ["src/minimax", "src/oauth", "src/keychain"];
    for (const folder of folders) {
      const others = folders.filter((other) => other !== folder);
      assert.deepEqual(offending(`${folder}/`, isIn(...others)), []);
    }
  });

  test("tokens sees minimax, oauth and keychain through its own types only", () => {
    assert.deepEqual(offending("src/tokens/", isIn("src/minimax", "src/oauth", "src/keychain")), []);
  });

  test("an import goes down, or stays on its floor", () => {
    const floorOf = (path: string) => FLOORS.findIndex((floor) => floor.includes(folderOf(path)));
    const homeless = product.filter((path) => isIn("src")(path) && floorOf(path) < 0);
    assert.deepEqual(homeless, []);
    const upward = imports.filter(({ from, to }) => floorOf(from) > floorOf(to) && isIn("src")(to));
    assert.deepEqual(upward, []);
  });

  test("the plugin imports of src its public API only", () => {
    assert.deepEqual(
      offending("extensions/", (to) => isIn("src")(to) && to !== "src/index.ts"),
      [],
    );
  });

  test("the stand-in portal is made without the code it tests", () => {
    assert.deepEqual(offending("fixtures/portal/", isIn("src", "extensions", "test")), []);
  });

  test("no folder imports, by whatever way round, itself", () => {
    const edges = imports
      .filter(({ from, to }) => product.includes(from) && product.includes(to))
      .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }));
    assert.equal(findCycle(edges)?.join(" → "), undefined);
  });

  test("nothing lies at the top that the plan does not name", () => {
    const unknown = topLevel().filter((name) => !name.startsWith(".") && !TOP_LEVEL.includes(name));
    assert.deepEqual(unknown, []);
  });

  test("src has no loose files but its entries", () => {
    const loose = product.filter((path) => /^src\/[^/]+$/.test(path));
    assert.deepEqual(loose, ["src/auth.ts", "src/index.ts"]);
  });

  test("the README's tree names the folders that are there, and no other", () => {
    const [, tree = ""] = /## Where things are\n\n```text\n(.*?)```/s.exec(read("README.md")) ?? [];
    const named = [...tree.matchAll(/^(\S+\/) {2}/gm)].map(([, path = ""]) => path);
    const rooms = new Set(product.map(folderOf).filter((folder) => !folder.endsWith(".ts")));
    const others = ["extensions/minimax-keychain", "src", "fixtures", "test", ".tools", ".ci", ".github"];
    assert.deepEqual(named.sort(), [...rooms, ...others].map((folder) => `${folder}/`).sort());
  });

  test("no source file is longer than 250 lines", () => {
    const tooLong = sources.filter(
      (path) => !path.startsWith("test/") && read(path).split("\n").length > 251,
    );
    assert.deepEqual(tooLong, []);
  });

  test("the package depends on the two keychain bindings and nothing else", () => {
    const { dependencies } = JSON.parse(read("package.json"));
    assert.deepEqual(Object.keys(dependencies).sort(), ["@napi-rs/keyring", "keytar"]);
  });

  test("no work is left marked for later, and no test is switched off", () => {
    const marks = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|expect-error|nocheck)/;
    const switchedOff = /\b(test|it|describe|suite)\.(skip|only|todo)\(|\b(skip|only|todo): true\b/;
    assert.deepEqual(
      sources.filter(
        (path) => path !== "test/house.test.ts" && [marks, switchedOff].some((re) => re.test(read(path))),
      ),
      [],
    );
  });

  test("the manifest's configuration schema is the one the plugin checks with", async () => {
    const current = readManifest(root);
    assert.deepEqual(
      current,
      await expectedManifest(root),
      `openclaw.plugin.json is out of date: ${UPDATE_COMMAND}`,
    );
  });
});

/** Names at the top of the tree: those git tracks, or all that git would not ignore in a copy without git. */
function topLevel(): string[] {
  if (!existsSync(join(root, ".git"))) {
    const ignored = read(".gitignore")
      .split("\n")
      .map((line) => line.replace(/\/$/, ""));
    return readdirSync(root).filter((name) => !ignored.includes(name) && !name.endsWith(".tgz"));
  }
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  return [...new Set(tracked.filter((path) => path !== "").map((path) => path.replace(/\/.*/, "")))];
}
