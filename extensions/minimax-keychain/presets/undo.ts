import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { AuthError, parseJson } from "../../../src/index.ts";
import { digest } from "./config-file.ts";
import { applyEdits, type Edit, inverseOf } from "./json5-edit.ts";

/** One applied preset: what undoes it, and the texts it leads from and to. Holds no whole config. */
interface Step {
  readonly preset: string;
  readonly before: string;
  readonly after: string;
  readonly undo: readonly Edit[];
}

/** How many presets can be undone, the newest first. */
const KEPT = 20;

const recordOf = (configPath: string) => `${configPath}.minimax-undo`;

export async function rememberEdits(
  configPath: string,
  preset: string,
  { text, edits }: { readonly text: string; readonly edits: readonly Edit[] },
): Promise<void> {
  const step: Step = {
    preset,
    before: digest(text),
    after: digest(applyEdits(text, edits)),
    undo: inverseOf(edits),
  };
  await write(configPath, [...(await read(configPath)), step].slice(-KEPT));
}

/**
 * The text as it was before the newest preset.
 * @throws AuthError `config_invalid` when there is none, or the file was changed since
 */
export async function undone(
  configPath: string,
  text: string,
): Promise<{ readonly preset: string; readonly text: string }> {
  const step = (await read(configPath)).at(-1);
  if (step === undefined) throw cannotUndo("No preset was applied to this config.");
  const result = digest(text) === step.after ? applyEdits(text, step.undo) : undefined;
  if (result === undefined || digest(result) !== step.before) {
    throw cannotUndo(
      `The config was changed after the preset "${step.preset}" was applied, so it cannot be put back byte for byte.`,
    );
  }
  return { preset: step.preset, text: result };
}

export async function forgetNewest(configPath: string): Promise<void> {
  const rest = (await read(configPath)).slice(0, -1);
  if (rest.length === 0) await rm(recordOf(configPath), { force: true });
  else await write(configPath, rest);
}

async function read(configPath: string): Promise<Step[]> {
  const steps = parseJson(await readFile(recordOf(configPath), "utf8").catch(() => ""));
  return Array.isArray(steps) ? steps : [];
}

async function write(configPath: string, steps: readonly Step[]): Promise<void> {
  const path = recordOf(configPath);
  await writeFile(`${path}.new`, JSON.stringify(steps), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function cannotUndo(what: string): AuthError {
  return new AuthError("config_invalid", {
    what,
    kept: "Nothing was changed.",
    next: "Take out by hand what is too much, then check it with `openclaw config validate`. If OpenClaw has written the config since, the file before is beside it: openclaw.json.bak.",
  });
}
