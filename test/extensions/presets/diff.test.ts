import assert from "node:assert/strict";
import { test } from "node:test";
import { showDiff } from "../../../extensions/minimax-keychain/presets/diff.ts";

test("a person's secrets beside the change are hidden, placeholders and variables are not", () => {
  const before = `{
  token: 'abc', "apiKey": "sk-123", clientSecret: "d\\"e",
  a: { apiKey: "minimax-keychain:default" },
  b: { apiKey: "\${MINIMAX_API_KEY}" },
  headers: { Authorization: "Bearer s3cr3t", "Set-Cookie": "s3cr3t", credentials: "s3cr3t" },
}
`;
  const diff = showDiff(
    "openclaw.json",
    before,
    before.replace("\n}\n", "\n  c: 1,\n}\n").replace("a: {", "A: {"),
  );
  assert.doesNotMatch(diff, /abc|sk-123|d\\"e|s3cr3t/);
  assert.match(diff, /token: "\[hidden\]"/);
  assert.match(diff, /"minimax-keychain:default"/);
  assert.match(diff, /"\$\{MINIMAX_API_KEY\}"/);
});

test("the change is shown with the lines around it", () => {
  const before = "{\n  a: 1,\n  b: 2,\n}\n";
  assert.equal(
    showDiff("openclaw.json", before, before.replace("b: 2", "b: 3")),
    [
      "--- openclaw.json",
      "+++ openclaw.json",
      "@@ -1,4 +1,4 @@",
      " {",
      "   a: 1,",
      "-  b: 2,",
      "+  b: 3,",
      " }",
    ].join("\n"),
  );
});
