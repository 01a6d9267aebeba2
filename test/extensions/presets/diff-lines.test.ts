import assert from "node:assert/strict";
import { test } from "node:test";
import { diffView } from "../../../extensions/minimax-keychain/presets/diff.ts";

test("a diff has its usual colours, and the lines between stay plain", () => {
  const diff = ["--- a.json", "+++ a.json", "@@ -1,3 +1,3 @@", " {", "--- 1", "+2", " }"].join("\n");
  const marked = diffView(diff, { paint: (style, text) => `<${style}>${text}` });
  assert.deepEqual(marked.split("\n"), [
    "<bold>--- a.json",
    "<bold>+++ a.json",
    "<cyan>@@ -1,3 +1,3 @@",
    " {",
    "<red>--- 1",
    "<green>+2",
    " }",
  ]);
});
