import { API_KEY_REF, type KeyCommand } from "../../../src/index.ts";
import { asksForKey } from "../api-key/command.ts";
import { at } from "../config/patch.ts";
import { API_KEY_PROVIDER_ID } from "../names.ts";
import { type Finding, ok, problem } from "./finding.ts";
import type { DoctorInput } from "./input.ts";

/** How the config says that the key is got; a person may have written anything there. */
function commandIn(config: unknown): KeyCommand | undefined {
  const source = at(config, "secrets", "providers", API_KEY_REF.provider);
  const [command, args] = [at(source, "command"), at(source, "args")];
  if (typeof command !== "string") return undefined;
  return { command, args: Array.isArray(args) ? args.filter((each) => typeof each === "string") : [] };
}

/**
 * The key in the keychain, where the config asks for it. Of a missing one OpenClaw itself only says that a secret
 * could not be resolved; and it asks for none while it has a key in its own store.
 */
export async function apiKey({ config, keyStored, coreKeys, missingOf }: DoctorInput): Promise<Finding[]> {
  if (!asksForKey(config)) return [];
  const check = "API key";
  const [first] = await coreKeys();
  if (first !== undefined) {
    const text = "OpenClaw uses one of its own store, in plain text, before the one in the keychain";
    return [problem(check, "openclaw_key_left", text, first)];
  }
  if (await keyStored()) {
    const fix = "openclaw minimax-portal preset api-key";
    const command = commandIn(config);
    if (command === undefined) {
      const text = `one is stored, but secrets.providers.${API_KEY_REF.provider} does not say how to get it`;
      return [problem(check, "api_key_command_missing", text, fix)];
    }
    const missing = await missingOf(command);
    if (missing === undefined) return [ok(check, "one is stored")];
    const text = `one is stored, but OpenClaw's way to it is broken: ${missing} is gone, as after an update of Node`;
    return [problem(check, "api_key_command_gone", text, fix)];
  }
  const fix = "openclaw minimax-portal key set, or take it out: openclaw minimax-portal preset --undo";
  return [
    problem(
      check,
      "api_key_missing",
      `models.providers.${API_KEY_PROVIDER_ID} asks for one that is not stored`,
      fix,
    ),
  ];
}
