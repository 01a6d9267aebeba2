import { MODELS, plainText, quotable } from "../../../src/index.ts";
import { at } from "../config/patch.ts";
import { API_KEY_PROVIDER_ID, PORTAL_PROVIDER_ID } from "../names.ts";
import { type Finding, ok, problem, unchecked, warning } from "./finding.ts";
import type { DoctorInput } from "./input.ts";
import { modelRefProblems, modelRefs } from "./model-refs.ts";

const CHECK = "model ids";
const PREFIXES = [`${PORTAL_PROVIDER_ID}/`, `${API_KEY_PROVIDER_ID}/`];

/** Every model of MiniMax's that the config names: where it is asked for, and in the provider's own list. */
export function modelIds({ config }: DoctorInput): Finding[] {
  const listed = listedIds(config);
  const referred = modelRefs(config)
    .map(({ ref }) => ref)
    .filter((ref) => PREFIXES.some((prefix) => ref.startsWith(prefix)));
  const faults = [...listed.flatMap(faultOfListed), ...referredFaults(config)];
  if (faults.length > 0) return faults;
  if (listed.length + referred.length === 0) return [unchecked(CHECK, "the config names no model of ours")];
  const ids = new Set([...listed, ...referred.map((ref) => ref.slice(ref.indexOf("/") + 1))]);
  return [ok(CHECK, `${ids.size} known`)];
}

function listedIds(config: unknown): string[] {
  const models = at(config, "models", "providers", PORTAL_PROVIDER_ID, "models");
  return Array.isArray(models) ? models.map((model) => String(at(model, "id"))) : [];
}

function referredFaults(config: unknown): Finding[] {
  return modelRefProblems(config).map(({ path, ref, code, what, next }) =>
    problem(CHECK, code, `"${shown(ref)}" in ${plainText(path, 80)}: ${what}`, next),
  );
}

// Part by part: a whole reference is as long as a token.
const shown = (ref: string) =>
  ref
    .split("/")
    .map((part) => quotable(part, 40))
    .join("/");

/** A person may list what this version does not know; in the wrong case it is none of MiniMax's. */
function faultOfListed(id: string): Finding[] {
  if (MODELS.some((model) => model.id === id)) return [];
  const where = `"${quotable(id, 40)}" in models.providers.${PORTAL_PROVIDER_ID}.models`;
  const meant = MODELS.find((model) => model.id.toLowerCase() === id.toLowerCase());
  if (meant) {
    const what = `MiniMax tells upper from lower case: it is called ${meant.id}`;
    return [problem(CHECK, "model_wrong_case", `${where}: ${what}`, `Write ${meant.id} there.`)];
  }
  const fix = "See the ids: openclaw models list --provider minimax-portal";
  return [warning(CHECK, "model_unlisted", `${where} is not a model that this version knows`, fix)];
}
