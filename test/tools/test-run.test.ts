import assert from "node:assert/strict";
import { dirname } from "node:path";
import { describe, test } from "node:test";
import { findCycle, folderOf, withTypeImports } from "../../.tools/test/imports.ts";
import { describeLeftOut, quickTests, readProjectImports } from "../../.tools/test/quick.ts";
import { selectTests } from "../../.tools/test/select.ts";
import { slowestSuites } from "../../.tools/test/slowest.ts";

const ROOT = dirname(dirname(import.meta.dirname));

describe("npm test", () => {
  const files = ["test/tokens/lock.test.ts", "test/bench/load.test.ts", "test/keychain/open.test.ts"];

  test("finds nothing for a folder that is not there", () => {
    assert.deepEqual(selectTests(files, ["test/nowhere"]), []);
  });

  test("runs every test but the measurements", () => {
    assert.deepEqual(selectTests(files, []), ["test/keychain/open.test.ts", "test/tokens/lock.test.ts"]);
  });

  test("runs the folders and files that are named, however they are written", () => {
    assert.deepEqual(selectTests(files, ["./test/keychain"]), ["test/keychain/open.test.ts"]);
    assert.deepEqual(selectTests(files, ["test\\tokens\\lock.test.ts"]), ["test/tokens/lock.test.ts"]);
  });
});

describe("npm test -- --quick", () => {
  const imports = [
    { from: "test/a.test.ts", to: "test/support/world.ts" },
    { from: "test/support/world.ts", to: "fixtures/openclaw/throwaway.ts" },
    { from: "test/support/world.ts", to: "test/a.test.ts" },
    { from: "test/b.test.ts", to: "playwright-core" },
    { from: "test/b.test.ts", to: "fixtures/secret-service/start.ts" },
    { from: "test/c.test.ts", to: "fixtures/openclaw/command.ts" },
  ];

  test("leaves out what starts something large, by whatever way it imports it, and says why", () => {
    const quick = quickTests(["test/a.test.ts", "test/b.test.ts", "test/c.test.ts"], imports);
    assert.deepEqual(quick.files, ["test/c.test.ts"]);
    assert.equal(
      describeLeftOut(quick.leftOut),
      [
        "\nLeft out by --quick, 2 suites:",
        "  test/a.test.ts  needs OpenClaw",
        "  test/b.test.ts  needs a Secret Service, a browser\n",
      ].join("\n"),
    );
  });

  test("knows this project's ways to start OpenClaw, a Secret Service and a browser", async () => {
    const large = {
      "test/host/sign-in.test.ts": ["OpenClaw", "a Secret Service"],
      "test/keychain/unlocked.test.ts": ["a Secret Service"],
      "test/browser/page.test.ts": ["a browser"],
    };
    const { files, leftOut } = quickTests(
      [...Object.keys(large), "test/tools/test-run.test.ts", "test/house.test.ts"],
      await readProjectImports(ROOT),
    );
    assert.deepEqual(files, ["test/tools/test-run.test.ts", "test/house.test.ts"]);
    assert.deepEqual(Object.fromEntries(leftOut.map(({ file, needs }) => [file, needs])), large);
  });
});

describe("the slowest suites", () => {
  test("are ten, the slowest first, by their paths in the project", () => {
    const suites = Array.from({ length: 12 }, (_, n) => ({ file: `/p/test/${n}.test.ts`, seconds: n }));
    const lines = slowestSuites(suites, "/p").trim().split("\n");
    assert.equal(lines.length, 11);
    assert.equal(lines[1]?.trim(), "11.0 s  test/11.test.ts");
    assert.equal(lines[10]?.trim(), "2.0 s  test/2.test.ts");
  });
});

describe("the house rules' view of the code", () => {
  test("sees a way round from a folder to itself", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "c" },
      { from: "c", to: "b" },
    ];
    assert.deepEqual(findCycle(edges), ["b", "c", "b"]);
  });

  test("takes an import within a folder and two ways to one folder for no cycle", () => {
    const edges = [
      { from: "a", to: "a" },
      { from: "a", to: "b" },
      { from: "a", to: "c" },
      { from: "b", to: "c" },
    ];
    assert.equal(findCycle(edges), undefined);
  });

  test("counts a file to its folder, and to none where it lies beside folders", () => {
    assert.equal(folderOf("src/index.ts"), "src/index.ts");
    assert.equal(folderOf("src/keychain/choose.ts"), "src/keychain");
    assert.equal(folderOf("src/keychain/os/child.ts"), "src/keychain");
    const plugin = "extensions/minimax-keychain";
    assert.equal(folderOf(`${plugin}/names.ts`), `${plugin}/names.ts`);
    assert.equal(folderOf(`${plugin}/commands/status.ts`), `${plugin}/commands`);
  });

  test("counts imports of types, over several lines too, and takes type declarations for none", () => {
    assert.equal(withTypeImports(`import type { A } from "./a.ts";`), `import "./a.ts";`);
    assert.equal(withTypeImports(`export type {\n  A,\n  B,\n} from "./a.ts";`), `import "./a.ts";`);
    const declaration = `export type A = string;\nimport { b } from "./b.ts";`;
    assert.equal(withTypeImports(declaration), declaration);
  });
});
