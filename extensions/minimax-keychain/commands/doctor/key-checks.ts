import { isDeepStrictEqual } from "node:util";
import { API_KEY_REF } from "../../../../src/index.ts";
import { API_KEY_PROVIDER_ID } from "../../names.ts";
import { at, type Finding, ok, problem } from "./finding.ts";
import type { Patient } from "./patient.ts";

/** Whether the config takes the API key of `minimax` from here. */
export function asksForKey(config: unknown): boolean {
  return isDeepStrictEqual(at(config, "models", "providers", API_KEY_PROVIDER_ID, "apiKey"), API_KEY_REF);
}

/**
 * The key in the keychain, where the config asks for it. Of a missing one OpenClaw itself only says that a secret
 * could not be resolved; and it asks for none while it has a key in its own store.
 */
export async function apiKey({ config, keyStored, coreKeys }: Patient): Promise<Finding[]> {
  if (!asksForKey(config)) return [];
  const check = "API key";
  const [first] = await coreKeys();
  if (first !== undefined) {
    const text = "OpenClaw uses one of its own store, in plain text, before the one in the keychain";
    return [problem(check, "openclaw_key_left", text, `openclaw models auth logout ${first}`)];
  }
  if (await keyStored()) return [ok(check, "one is stored")];
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
