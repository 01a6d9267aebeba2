import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { AuthError, checkModelId, MODELS, quotable, type RegionId } from "../../../src/index.ts";
import { apiKeys, keySource } from "../api-key/command.ts";
import { ask } from "../cli/ask.ts";
import { type CommandContext, type CommonOptions, EXIT } from "../cli/command.ts";
import { createOutput } from "../cli/output.ts";
import { coreKeyRemovals } from "../config/core-profiles.ts";
import { withIncludes } from "../config/includes.ts";
import { parseRegionArgument } from "../sign-in/region.ts";
import { adviceAfter } from "./advice.ts";
import { type Proposal, proposePreset, proposeUndo } from "./apply.ts";
import { type ConfigFile, readConfigFile } from "./config-file.ts";
import { diffView } from "./diff.ts";
import { PRESETS, type PresetName, presetPatch } from "./presets.ts";

export interface PresetOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly undo?: boolean;
  readonly region?: string;
  readonly model?: string;
  readonly api?: string;
  readonly with?: string;
  readonly primary?: string;
}

/** @returns the exit code: 0 applied or nothing to do, 1 not applied */
export async function preset(
  context: CommandContext,
  name: string | undefined,
  options: PresetOptions,
): Promise<number> {
  if (options.undo) return await undo(options);
  const chosen = PRESETS.find((each) => each === name);
  if (chosen === undefined) {
    const what = name === undefined ? "No preset was named." : `There is no preset "${quotable(name, 40)}".`;
    throw wrong(what, `Choose one of: ${commands()}.`);
  }
  const file = await readConfigFile(process.env);
  const plan = await planFor(context, chosen, { file, options });
  if (plan.proposal.diff === "") {
    console.log(`The config already holds what the preset "${chosen}" would set.`);
  } else {
    if (!(await confirmed(plan.proposal, options))) return EXIT.failed;
    await plan.proposal.write();
    console.log(`Applied. To take it back: openclaw minimax-portal preset --undo`);
  }
  for (const line of adviceAfter(chosen, { ...plan, authored: file.authored })) console.log(line);
  return EXIT.done;
}

async function undo(options: PresetOptions): Promise<number> {
  const proposal = await proposeUndo(process.env);
  if (!(await confirmed(proposal, options))) return EXIT.failed;
  await proposal.write();
  console.log(`The preset "${proposal.preset}" was taken back: the config is as it was before.`);
  return EXIT.done;
}

async function planFor(
  { runtime, config, account }: CommandContext,
  name: PresetName,
  { file, options }: { readonly file: ConfigFile; readonly options: PresetOptions },
) {
  const status = await runtime.auth.status(account).catch(() => undefined);
  const keyStored = (await apiKeys(runtime).storedIn()) !== undefined;
  const fallbackProvider =
    oneOf("--with", options.with, ["minimax", "minimax-portal"]) ?? (status ? "minimax-portal" : "minimax");
  const patch = presetPatch(name, {
    // What another file holds is the person's as well.
    authored: withIncludes(file.authored, file.resolved) as OpenClawConfig,
    rootDir: runtime.rootDir,
    account,
    region: options.region === undefined ? undefined : parseRegionArgument(options.region, "--region"),
    signedInAt: status?.region as RegionId | undefined,
    model: name === "lm-studio" ? options.model : meantModel(options.model, file.authored),
    api: oneOf("--api", options.api, ["anthropic", "openai"]),
    keySource: keyStored ? await keySource(runtime) : undefined,
    fallbackProvider,
    primary: options.primary,
  });
  return {
    proposal: proposePreset(file, name, patch),
    signedIn: status !== undefined,
    keyStored,
    coreKeys: await coreKeyRemovals(config),
    fallbackProvider,
  };
}

/** A model that we do not know may be a new one, and one in the wrong case is put right. */
function meantModel(id: string | undefined, { models }: OpenClawConfig): string | undefined {
  const listed = Object.values(models?.providers ?? {}).flatMap((provider) => provider.models ?? []);
  const known = [...MODELS, ...listed].map((model) => model.id);
  const finding = id === undefined ? undefined : checkModelId(id, known);
  if (finding?.kind === "wrong-case") return finding.id;
  if (finding?.kind !== "typo") return id;
  throw wrong(
    `There is no model "${quotable(id ?? "", 40)}".`,
    `Perhaps \`--model ${finding.id}\` is meant.`,
  );
}

async function confirmed({ diff }: Proposal, { yes }: PresetOptions): Promise<boolean> {
  // Not through the console: there the host blots out whatever looks like a key, `"apiKey": {` as well.
  process.stdout.write(`${diffView(diff, createOutput())}\n`);
  if (yes) return true;
  if (!process.stdin.isTTY) {
    console.log("Nothing was changed. To apply it, add --yes.");
    return false;
  }
  if (/^y(es)?$/i.test((await ask("Apply this change? [y/N] ")).trim())) return true;
  console.log("Nothing was changed.");
  return false;
}

function oneOf<const T extends string>(
  option: string,
  value: string | undefined,
  values: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = values.find((each) => each === value);
  if (found === undefined) {
    throw wrong(`${option} does not know "${quotable(value, 40)}".`, `It is one of: ${values.join(", ")}.`);
  }
  return found;
}

function wrong(what: string, next: string): AuthError {
  return new AuthError("usage_wrong", { what, kept: "Nothing was changed.", next });
}

const commands = () => PRESETS.map((each) => `openclaw minimax-portal preset ${each}`).join(", ");
