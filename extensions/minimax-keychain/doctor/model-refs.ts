import { checkModelId, MODELS, nearestModelId, quotable, SIGN_IN_COMMAND } from "../../../src/index.ts";
import { at, isObject } from "../config/patch.ts";
import { API_KEY_PROVIDER_ID, PORTAL_PROVIDER_ID } from "../names.ts";

/** A model that the config names and that will not answer. */
export interface ModelRefProblem {
  /** Where it stands, dotted. */
  readonly path: string;
  readonly ref: string;
  readonly code: "provider_unknown" | "model_wrong_case" | "model_unknown" | "model_not_set_up";
  /** The cause, without a full stop. */
  readonly what: string;
  /** What mends it. */
  readonly next: string;
}

/** A model's name as the config has it, and whether it is asked for there or only given settings. */
interface Named {
  readonly path: string;
  readonly ref: string;
  readonly used: boolean;
}

const OURS: readonly string[] = [PORTAL_PROVIDER_ID, API_KEY_PROVIDER_ID];
/** What OpenClaw 2026.9.6 serves on `minimax` with a key alone, without a provider block. */
const BUNDLED: readonly string[] = ["MiniMax-M3", "MiniMax-M2.7", "MiniMax-M2.7-highspeed"];
const OUR_IDS = MODELS.map(({ id }) => id);
const DEFAULT_MODEL = "agents.defaults.model";

/**
 * Why "Unknown model: …" is to come for what a config names: no provider block, a wrong provider before the
 * slash, a wrong case, a typo. Models of other providers are no concern of ours.
 */
export function modelRefProblems(config: unknown): ModelRefProblem[] {
  return modelRefs(config).flatMap((named) => {
    const problem = problemWith(config, named);
    return problem ? [{ path: named.path, ref: named.ref, ...problem }] : [];
  });
}

/** Every model that the config names, of whatever provider. */
export function modelRefs(config: unknown): Named[] {
  const defaults = at(config, "agents", "defaults");
  const agents = Object.entries(objectAt(config, "agents", "entries"));
  const use = (path: string, model: unknown) => refsOf(path, model).map((each) => ({ ...each, used: true }));
  return [
    ...use(DEFAULT_MODEL, at(defaults, "model")),
    ...agents.flatMap(([name, agent]) => use(`agents.entries.${name}.model`, at(agent, "model"))),
    ...Object.keys(objectAt(defaults, "models")).map((ref) => ({
      path: "agents.defaults.models",
      ref,
      used: false,
    })),
  ];
}

function objectAt(root: unknown, ...path: readonly string[]): Record<string, unknown> {
  const found = at(root, ...path);
  return isObject(found) ? found : {};
}

function refsOf(path: string, model: unknown): { readonly path: string; readonly ref: string }[] {
  if (typeof model === "string") return [{ path, ref: model }];
  const fallbacks = at(model, "fallbacks");
  const named: [path: string, ref: unknown][] = [
    [path, at(model, "primary")],
    ...(Array.isArray(fallbacks) ? fallbacks : []).map((ref): [string, unknown] => [
      `${path}.fallbacks`,
      ref,
    ]),
  ];
  return named.flatMap(([where, ref]) => (typeof ref === "string" ? [{ path: where, ref }] : []));
}

type Problem = Pick<ModelRefProblem, "code" | "what" | "next">;

function problemWith(config: unknown, { path, ref, used }: Named): Problem | undefined {
  const slash = ref.indexOf("/");
  const provider = ref.slice(0, Math.max(slash, 0));
  const id = ref.slice(slash + 1);
  if (id === "*" || (slash < 0 && isAlias(config, ref))) return undefined;
  const put = (right: string) =>
    path === DEFAULT_MODEL ? `openclaw models set ${right}` : `Write ${right} there.`;
  if (!OURS.includes(provider)) return foreign(config, { provider, id }, put);

  const block = at(config, "models", "providers", provider);
  const listed = idsOf(at(block, "models"));
  const finding = checkModelId(id, [...new Set([...listed, ...OUR_IDS])]);
  switch (finding.kind) {
    case "wrong-case":
      return {
        code: "model_wrong_case",
        what: `MiniMax tells upper from lower case: it is called ${finding.id}`,
        next: put(`${provider}/${finding.id}`),
      };
    case "typo":
      return {
        code: "model_unknown",
        what: `there is no ${quotable(id, 40)}; perhaps ${finding.id} is meant`,
        next: put(`${provider}/${finding.id}`),
      };
    case "unknown":
      // OpenClaw itself serves more than chat models there.
      if (provider === API_KEY_PROVIDER_ID) return undefined;
      return {
        code: "model_unknown",
        what: "this version does not know such a model",
        next: "See the ids: openclaw models list --provider minimax-portal",
      };
  }
  const served = listed.includes(id) || (provider === API_KEY_PROVIDER_ID && !block && BUNDLED.includes(id));
  return used && !served ? notSetUp(config, provider, id) : undefined;
}

function foreign(
  config: unknown,
  { provider, id }: { readonly provider: string; readonly id: string },
  put: (right: string) => string,
): Problem | undefined {
  const right = /^$|mini-?max/i.test(provider) ? nearestModelId(id) : undefined;
  // A provider of the person's own may have any name.
  if (right === undefined || at(config, "models", "providers", provider) !== undefined) return undefined;
  const byKey = at(config, "models", "providers", API_KEY_PROVIDER_ID) !== undefined;
  return {
    code: "provider_unknown",
    what:
      provider === ""
        ? "the provider before the model's name is missing"
        : `there is no provider "${quotable(provider, 40)}": MiniMax's are ${OURS.join(" (sign-in) and ")} (API key)`,
    next: put(`${byKey ? API_KEY_PROVIDER_ID : PORTAL_PROVIDER_ID}/${right}`),
  };
}

function notSetUp(config: unknown, provider: string, id: string): Problem {
  const what = `models.providers.${provider} does not list ${id}`;
  const code = "model_not_set_up";
  if (provider === PORTAL_PROVIDER_ID) return { code, what, next: SIGN_IN_COMMAND };
  const byKey = "openclaw minimax-portal preset api-key";
  const signedIn = at(config, "models", "providers", PORTAL_PROVIDER_ID) !== undefined;
  const bySignIn = `openclaw models set ${PORTAL_PROVIDER_ID}/${id}`;
  return { code, what, next: signedIn ? `${bySignIn}, or with an API key: ${byKey}` : byKey };
}

/** OpenClaw accepts an alias in every place where it accepts a model. */
function isAlias(config: unknown, name: string): boolean {
  return Object.values(objectAt(config, "agents", "defaults", "models")).some((settings) => {
    const alias = at(settings, "alias");
    return typeof alias === "string" && alias.toLowerCase() === name.toLowerCase();
  });
}

const idsOf = (models: unknown): string[] =>
  Array.isArray(models) ? models.map((model) => String(at(model, "id"))) : [];
