import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { isObject, type Patch } from "../../../extensions/minimax-keychain/config/patch.ts";
import {
  applyEdits,
  editsFor,
  inverseOf,
  readJson5,
} from "../../../extensions/minimax-keychain/presets/json5-edit.ts";

function edited(text: string, patch: Patch): string {
  return applyEdits(text, editsFor(text, patch));
}

describe("editing a JSON5 text", () => {
  test("a text that is no JSON5 is refused with the place", () => {
    assert.throws(() => editsFor("{ a: 1, b }", { a: 2 }), /\(1:\d+\)/);
  });

  test("what stands there already is no edit", () => {
    const text = "{ b: [1, 2], a: { 'x': 0x10 } } // end";
    assert.deepEqual(editsFor(text, { a: { x: 16 }, b: [1, 2] }), []);
  });

  test("a value is replaced, and nothing around it", () => {
    const text = "{\n  // mine\n  model: 'old', // keep\n  other: +1,\n}\n";
    assert.equal(edited(text, { model: "new" }), text.replace("'old'", '"new"'));
  });

  test("names are added in the file's own style, behind a comment of the last line", () => {
    assert.equal(
      edited("{\n    a: 1, // one\n    b: { c: 2 } // two\n}\n", { b: { d: "x" }, e: { f: [1] } }),
      '{\n    a: 1, // one\n    b: { c: 2, d: "x" }, // two\n    e: {\n        f: [1]\n    }\n}\n',
    );
    assert.equal(edited('{\r\n\t"a": 1,\r\n}', { b: true }), '{\r\n\t"a": 1,\r\n\t"b": true,\r\n}');
  });

  test("an empty object, with and without a comment in it, takes a first name", () => {
    assert.equal(edited("{}", { a: 1 }), '{\n  "a": 1\n}');
    assert.equal(edited("{\n  // nothing yet\n}\n", { a: 1 }), '{\n  // nothing yet\n  "a": 1\n}\n');
    assert.equal(edited("{\n  x: {},\n}\n", { x: { a: 1 } }), "{\n  x: {\n    a: 1\n  },\n}\n");
  });

  test("a list that grows keeps its items and their comments", () => {
    assert.equal(
      edited("{\n  paths: [\n    '/one', // mine\n  ],\n}\n", { paths: ["/one", "/two"] }),
      "{\n  paths: [\n    '/one', // mine\n    \"/two\",\n  ],\n}\n",
    );
    assert.equal(edited('{"paths":["/one"]}', { paths: ["/one", "/two"] }), '{"paths":["/one", "/two"]}');
  });

  test("of a name that stands twice the one that counts is changed", () => {
    assert.equal(edited("{ a: 1, a: 2 }", { a: 3 }), "{ a: 1, a: 3 }");
  });

  test("a byte order mark, strings with brackets and commented-out members do not lead astray", () => {
    const text = "\uFEFF/* { */ {\n  a: '}, //', // { b: 2 }\n  /* b: 3, */\n}";
    assert.equal(edited(text, { b: 4 }), text.replace("// { b: 2 }", "// { b: 2 }\n  b: 4,"));
  });

  const names = fc.constantFrom("a", "b", "models", "x-y", "anthropic/claude");
  const json = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.string({ maxLength: 6 }),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 3 }),
      tie("object"),
    ),
    object: fc.dictionary(names, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  })).object;

  test("for any text and patch: the result holds both, and the way back is exact", () => {
    fc.assert(
      fc.property(json, json, fc.boolean(), fc.boolean(), (config, patch, comments, lines) => {
        const text = written(config, comments, lines);
        const edits = editsFor(text, patch);
        const result = applyEdits(text, edits);
        assert.deepEqual(readJson5(result), merged(readJson5(text), patch));
        assert.equal(applyEdits(result, inverseOf(edits)), text);
        assert.deepEqual(editsFor(result, patch), []);
        if (comments)
          assert.equal(result.split("/*c*/").length, text.split("/*c*/").length - replaced(edits));
      }),
      { numRuns: 2000 },
    );
  });
});

const replaced = (edits: readonly { removed: string }[]) =>
  edits.reduce((sum, { removed }) => sum + removed.split("/*c*/").length - 1, 0);

function written(config: object, comments: boolean, lines: boolean): string {
  const text = JSON.stringify(config, null, lines ? 2 : 0);
  if (!comments) return text;
  return `// top\n${text.replace(/([{[,])(\s)/g, "$1 /*c*/$2").replace(/"(a|b|models)":/g, "$1:")}\n// end`;
}

function merged(into: unknown, patch: unknown): unknown {
  if (!isObject(into) || !isObject(patch)) return patch;
  const result: Record<string, unknown> = { ...into };
  for (const [name, value] of Object.entries(patch)) result[name] = merged(into[name], value);
  return result;
}
