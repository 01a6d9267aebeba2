import { createInterface } from "node:readline/promises";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { AuthError, isAuthError, parseRegion, type RegionId, SIGN_IN_COMMAND } from "../../../src/index.ts";
import { type Proposal, proposePreset, proposeUndo } from "../presets/apply.ts";
import { type ConfigFile, readConfigFile } from "../presets/config-file.ts";
import { PRESETS, type PresetName, presetPatch } from "../presets/patches.ts";
import type { Runtime } from "../runtime.ts";
import { apiKeys, keySource } from "./key.ts";

export interface PresetOptions {
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
  runtime: Runtime,
  account: string,
  name: string | undefined,
  options: PresetOptions,
): Promise<number> {
  try {
    if (options.undo) return await undo(options);
    const chosen = PRESETS.find((each) => each === name);
    if (chosen === undefined)
      throw wrong(`There is no preset "${name ?? ""}".`, `Choose one of: ${commands()}.`);
    const file = await readConfigFile(process.env);
    const proposal = await propose(runtime, account, chosen, { file, options });
    if (proposal.diff === "") {
      console.log(`The config already holds what the preset "${chosen}" would set.`);
    } else {
      if (!(await confirmed(proposal, options))) return 1;
      await proposal.write();
      console.log(`Applied. To take it back: openclaw minimax-portal preset --undo`);
    }
    for (const line of await nextSteps(runtime, account, chosen, options)) console.log(line);
    for (const line of agentsWithOwnModel(file.authored)) console.log(line);
    return 0;
  } catch (error) {
    if (!isAuthError(error)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function undo(options: PresetOptions): Promise<number> {
  const proposal = await proposeUndo(process.env);
  if (!(await confirmed(proposal, options))) return 1;
  await proposal.write();
  console.log(`The preset "${proposal.preset}" was taken back: the config is as it was before.`);
  return 0;
}

async function propose(
  runtime: Runtime,
  account: string,
  name: PresetName,
  { file, options }: { readonly file: ConfigFile; readonly options: PresetOptions },
) {
  const status = await runtime.auth.status(account).catch(() => undefined);
  const patch = presetPatch(name, {
    authored: file.authored,
    rootDir: runtime.rootDir,
    account,
    region: options.region === undefined ? undefined : parseRegion(options.region),
    signedInAt: status?.region as RegionId | undefined,
    model: options.model,
    api: oneOf("--api", options.api, ["anthropic", "openai"]),
    keySource: (await apiKeys(runtime).storedIn()) && (await keySource(runtime)),
    fallbackProvider:
      oneOf("--with", options.with, ["minimax", "minimax-portal"]) ?? (status ? "minimax-portal" : "minimax"),
    primary: options.primary,
  });
  return proposePreset(file, name, patch);
}

async function confirmed({ diff }: Proposal, { yes }: PresetOptions): Promise<boolean> {
  // Not through the console: there the host blots out whatever looks like a key, `"apiKey": {` as well.
  process.stdout.write(`${diff}\n`);
  if (yes) return true;
  if (!process.stdin.isTTY) {
    console.log("Nothing was changed. To apply it, add --yes.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question("Apply this change? [y/N] ");
    if (/^y(es)?$/i.test(answer.trim())) return true;
    console.log("Nothing was changed.");
    return false;
  } finally {
    terminal.close();
  }
}

async function nextSteps(runtime: Runtime, account: string, name: PresetName, options: PresetOptions) {
  const steps: string[] = [];
  const signedIn = (await runtime.auth.status(account).catch(() => undefined)) !== undefined;
  const portal =
    name === "oauth" ||
    (name === "fallback" && (options.with ?? (signedIn ? "minimax-portal" : "")) === "minimax-portal");
  if (portal && !signedIn) steps.push(`Next, sign in: ${SIGN_IN_COMMAND}`);
  if (!portal && name !== "lm-studio" && !(await apiKeys(runtime).storedIn())) {
    steps.push(
      "The key is taken from the variable MINIMAX_API_KEY (or env.vars.MINIMAX_API_KEY in the config).",
      "To keep it in the OS keychain instead: openclaw minimax-portal key set, then this preset again.",
    );
  }
  if (name === "fallback") {
    steps.push("The first model needs a key of its own: openclaw configure, or ANTHROPIC_API_KEY for Opus.");
  }
  return steps;
}

/** `openclaw configure` gives the agent a model of its own, which counts before the default one. */
function agentsWithOwnModel(authored: OpenClawConfig): string[] {
  return Object.entries(authored.agents?.entries ?? {})
    .filter(([, agent]) => agent?.model !== undefined)
    .map(([agent]) => {
      const path = `agents.entries.${agent}.model`;
      return `Agent "${agent}" has a model of its own, which stays. To give it the default one: openclaw config unset ${path}`;
    });
}

function oneOf<const T extends string>(
  option: string,
  value: string | undefined,
  values: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = values.find((each) => each === value);
  if (found === undefined)
    throw wrong(`${option} does not know "${value}".`, `It is one of: ${values.join(", ")}.`);
  return found;
}

function wrong(what: string, next: string): AuthError {
  return new AuthError("config_invalid", { what, kept: "Nothing was changed.", next });
}

const commands = () => PRESETS.map((each) => `openclaw minimax-portal preset ${each}`).join(", ");
