import { AuthError } from "../../../src/index.ts";
import { contains, includeOn, missingFrom } from "../config/includes.ts";
import { isObject, type Patch } from "../config/patch.ts";
import { type ConfigFile, readConfigFile, replaceConfig } from "./config-file.ts";
import { showDiff } from "./diff.ts";
import { applyEdits, type Edit, editsFor } from "./json5-edit.ts";
import { forgetNewest, rememberEdits, undone } from "./undo.ts";

/** A change that was worked out and not written yet. */
export interface Proposal {
  readonly path: string;
  /** As a unified diff, secrets hidden; "" when there is nothing to change. */
  readonly diff: string;
  write(): Promise<void>;
}

/**
 * What a preset would change.
 * @throws AuthError `config_include` with the snippet to paste, where another file holds a part of it
 */
export function proposePreset(file: ConfigFile, preset: string, patch: Patch): Proposal {
  const { path, text, authored, resolved } = file;
  if (contains(resolved, patch)) return { path, diff: "", write: async () => {} };
  assertNoInclude(authored, missingFrom(resolved, patch));
  const edits: readonly Edit[] = editsFor(text, patch);
  // The host's view has variables filled in, so that only the text tells.
  if (edits.length === 0) return { path, diff: "", write: async () => {} };
  const changed = applyEdits(text, edits);
  return {
    path,
    diff: showDiff(path, text, changed),
    async write() {
      await replaceConfig(path, text, changed);
      await rememberEdits(path, preset, { text, edits });
    },
  };
}

/** What taking the newest preset back would change. */
export async function proposeUndo(env: NodeJS.ProcessEnv): Promise<Proposal & { readonly preset: string }> {
  const { path, text } = await readConfigFile(env);
  const before = await undone(path, text);
  return {
    path,
    preset: before.preset,
    diff: showDiff(path, text, before.text),
    async write() {
      await replaceConfig(path, text, before.text);
      await forgetNewest(path);
    },
  };
}

function assertNoInclude(authored: object, missing: Patch): void {
  const owner = pathsOf(missing)
    .map((path) => includeOn(authored, path))
    .find((each) => each !== undefined);
  if (owner === undefined) return;
  throw new AuthError("config_include", {
    what: `A preset cannot write to \`${owner || "the config"}\`, because it comes from another file ($include).`,
    kept: "Nothing was changed.",
    next: `Add this to that file, then check it with \`openclaw config validate\`:\n\n${JSON.stringify(missing, null, 2)}\n\n`,
  });
}

function pathsOf(patch: Patch): string[][] {
  return Object.entries(patch).flatMap(([name, value]) =>
    isObject(value) && Object.keys(value).length > 0
      ? pathsOf(value).map((path) => [name, ...path])
      : [[name]],
  );
}
