import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findCycle, folderOf, withTypeImports } from "../../.tools/test/imports.ts";
import { selectTests } from "../../.tools/test/select.ts";

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
