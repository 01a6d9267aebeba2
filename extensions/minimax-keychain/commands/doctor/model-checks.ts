import { MODELS, quotable } from "../../../../src/index.ts";
import { PORTAL_PROVIDER_ID } from "../../names.ts";
import { at, type Finding, isObject, ok, problem, unchecked, warning } from "./finding.ts";
import type { Patient } from "./patient.ts";

const CHECK = "model ids";
const PREFIX = `${PORTAL_PROVIDER_ID}/`;

/** Every model id of ours in the config: MiniMax answers 404 to one in the wrong case. */
export function modelIds({ config }: Patient): Finding[] {
  const found = [...listed(config), ...referred(config)];
  if (found.length === 0) return [unchecked(CHECK, "the config names no model of ours")];
  const faults = found.flatMap(({ id, where, own }) => faultOf(id, where, own));
  return faults.length > 0 ? faults : [ok(CHECK, `${new Set(found.map(({ id }) => id)).size} known`)];
}

interface Named {
  readonly id: string;
  readonly where: string;
  /** Whether it is a person's own entry in the provider's list, which may name what we do not know. */
  readonly own: boolean;
}

function listed(config: unknown): Named[] {
  const models = at(config, "models", "providers", PORTAL_PROVIDER_ID, "models");
  if (!Array.isArray(models)) return [];
  const where = `models.providers.${PORTAL_PROVIDER_ID}.models`;
  return models.map((model) => ({ id: String(at(model, "id")), where, own: true }));
}

function referred(config: unknown): Named[] {
  const defaults = at(config, "agents", "defaults");
  const model = at(defaults, "model");
  const fallbacks = at(model, "fallbacks");
  const refs: [unknown, string][] = [
    [typeof model === "string" ? model : at(model, "primary"), "agents.defaults.model"],
    ...(Array.isArray(fallbacks) ? fallbacks : []).map((ref): [unknown, string] => [
      ref,
      "agents.defaults.model.fallbacks",
    ]),
  ];
  const settings = at(defaults, "models");
  if (isObject(settings))
    refs.push(...Object.keys(settings).map((ref): [unknown, string] => [ref, "agents.defaults.models"]));
  const entries = at(config, "agents", "entries");
  if (isObject(entries)) {
    for (const [name, entry] of Object.entries(entries)) {
      const own = at(entry, "model");
      refs.push([typeof own === "string" ? own : at(own, "primary"), `agents.entries.${name}.model`]);
    }
  }
  return refs.flatMap(([ref, where]) =>
    typeof ref === "string" && ref.startsWith(PREFIX) && !ref.endsWith("/*")
      ? [{ id: ref.slice(PREFIX.length), where, own: false }]
      : [],
  );
}

function faultOf(id: string, where: string, own: boolean): Finding[] {
  if (MODELS.some((model) => model.id === id)) return [];
  const shown = quotable(id, 40);
  const meant = MODELS.find((model) => model.id.toLowerCase() === id.toLowerCase());
  if (meant) {
    return [
      problem(
        CHECK,
        "model_wrong_case",
        `"${shown}" in ${where}: MiniMax only knows ${meant.id}`,
        `Write ${PREFIX}${meant.id} there.`,
      ),
    ];
  }
  const text = `"${shown}" in ${where} is not a model that this version knows`;
  const fix = "See the ids: openclaw minimax-portal models";
  return [own ? warning(CHECK, "model_unlisted", text, fix) : problem(CHECK, "model_unknown", text, fix)];
}
