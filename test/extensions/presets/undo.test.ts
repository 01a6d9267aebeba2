import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { applyEdits, editsFor } from "../../../extensions/minimax-keychain/presets/json5-edit.ts";
import { forgetNewest, rememberEdits, undone } from "../../../extensions/minimax-keychain/presets/undo.ts";
import { authError } from "../../support/auth-error.ts";

const TEXT = "{\n  // mine\n  token: 'secret-of-the-person', a: 'old',\n}\n";

function configPath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "undo-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, "openclaw.json");
}

async function apply(path: string, text: string, patch: Record<string, unknown>): Promise<string> {
  const edits = editsFor(text, patch);
  await rememberEdits(path, Object.keys(patch).join(), { text, edits });
  return applyEdits(text, edits);
}

test("without a preset there is nothing to take back, nor with a record that is damaged", async (t) => {
  const path = configPath(t);
  await assert.rejects(undone(path, TEXT), authError("config_invalid"));
  writeFileSync(`${path}.minimax-undo`, "{ not json");
  await assert.rejects(undone(path, TEXT), authError("config_invalid"));
});

test("a config that was changed since is left as it is, and the reason is said", async (t) => {
  const path = configPath(t);
  const changed = await apply(path, TEXT, { a: "new" });
  await assert.rejects(undone(path, `${changed}// by hand\n`), /"a" was applied.*cannot be put back/);
});

test("presets are taken back one after the other, to the byte", async (t) => {
  const path = configPath(t);
  const first = await apply(path, TEXT, { a: "new" });
  const second = await apply(path, first, { b: { c: [1] } });
  assert.deepEqual(await undone(path, second), { preset: "b", text: first });
  await forgetNewest(path);
  assert.deepEqual(await undone(path, first), { preset: "a", text: TEXT });
  await forgetNewest(path);
  await assert.rejects(undone(path, TEXT), authError("config_invalid"));
});

test("the record is the person's alone, and holds nothing of the config but what was replaced", async (t) => {
  const path = configPath(t);
  await apply(path, TEXT, { a: "new" });
  const record = readFileSync(`${path}.minimax-undo`, "utf8");
  assert.ok(record.includes("old") && !record.includes("secret-of-the-person"));
  if (process.platform !== "win32") assert.equal(statSync(`${path}.minimax-undo`).mode & 0o777, 0o600);
});
