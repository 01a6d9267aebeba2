import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { checkModelId, MODELS, SIGN_IN_COMMAND } from "../../src/index.ts";
import { API_KEY_PROVIDER_ID, PORTAL_PROVIDER_ID } from "./names.ts";

/** A model that the config names and that will not answer. */
export interface ModelRefProblem {
  /** Where it stands, dotted. */
  readonly path: string;
  readonly ref: string;
  /** The cause, one sentence. */
  readonly what: string;
  /** The command that mends it. */
  readonly next: string;
}

const OURS: readonly string[] = [PORTAL_PROVIDER_ID, API_KEY_PROVIDER_ID];
/** What OpenClaw 2026.9.6 serves on `minimax` with a key alone, without a provider block. */
const BUNDLED: readonly string[] = ["MiniMax-M3", "MiniMax-M2.7", "MiniMax-M2.7-highspeed"];
const OUR_IDS = MODELS.map(({ id }) => id);

type Agent = { readonly model?: unknown };

/**
 * Why "Unknown model: …" is to come for what a config names: no provider block, a wrong provider before the
 * slash, a wrong case, a typo. Models of other providers are no concern of ours. For `doctor`.
 */
export function modelRefProblems(config: OpenClawConfig): ModelRefProblem[] {
  const agents = (config.agents ?? {}) as {
    defaults?: Agent & { models?: object };
    entries?: Record<string, Agent>;
  };
  const named: [path: string, ref: string][] = [
    ...refsOf("agents.defaults.model", agents.defaults?.model),
    ...Object.entries(agents.entries ?? {}).flatMap(([name, { model }]) =>
      refsOf(`agents.entries.${name}.model`, model),
    ),
    ...Object.keys(agents.defaults?.models ?? {}).map((ref): [string, string] => [
      "agents.defaults.models",
      ref,
    ]),
  ];
  return named.flatMap(([path, ref]) => {
    const problem = problemWith(config, ref);
    return problem ? [{ path, ref, ...problem }] : [];
  });
}

function refsOf(path: string, model: unknown): [path: string, ref: string][] {
  if (typeof model === "string") return [[path, model]];
  if (typeof model !== "object" || model === null) return [];
  const { primary, fallbacks } = model as { primary?: unknown; fallbacks?: unknown };
  const rest = Array.isArray(fallbacks) ? fallbacks : [];
  return [
    ...(typeof primary === "string" ? [[`${path}.primary`, primary] as [string, string]] : []),
    ...rest
      .filter((ref) => typeof ref === "string")
      .map((ref): [string, string] => [`${path}.fallbacks`, ref]),
  ];
}

function problemWith(
  config: OpenClawConfig,
  ref: string,
): Pick<ModelRefProblem, "what" | "next"> | undefined {
  const slash = ref.indexOf("/");
  const provider = ref.slice(0, Math.max(slash, 0));
  const id = ref.slice(slash + 1);
  if (id === "*") return undefined;
  const usual = config.models?.providers?.[API_KEY_PROVIDER_ID] ? API_KEY_PROVIDER_ID : PORTAL_PROVIDER_ID;
  const use = (right: string, at = provider) => `Choose it with \`openclaw models set ${at}/${right}\`.`;
  if (!OURS.includes(provider)) {
    const right = /^$|mini-?max/i.test(provider) ? meant(id, OUR_IDS) : undefined;
    if (right === undefined) return undefined;
    const what = `There is no provider "${provider}": MiniMax's are ${OURS.join(" (sign-in) and ")} (API key).`;
    return {
      what: slash < 0 ? "The provider before the model's name is missing." : what,
      next: use(right, usual),
    };
  }
  const block = config.models?.providers?.[provider];
  const listed = block?.models?.map((model) => model.id) ?? [];
  const known = [...new Set([...listed, ...OUR_IDS])];
  const finding = checkModelId(id, known);
  if (finding.kind === "wrong-case") {
    return {
      what: `MiniMax tells upper from lower case: it is called ${finding.id}.`,
      next: use(finding.id),
    };
  }
  if (finding.kind === "typo")
    return { what: `There is no ${id}; perhaps ${finding.id} is meant.`, next: use(finding.id) };
  if (finding.kind === "unknown") return undefined;
  if (listed.includes(id) || (provider === API_KEY_PROVIDER_ID && !block && BUNDLED.includes(id)))
    return undefined;
  return notConfigured(config, provider, id);
}

function notConfigured(config: OpenClawConfig, provider: string, id: string) {
  const what = `models.providers.${provider} does not list ${id}.`;
  if (provider === PORTAL_PROVIDER_ID) return { what, next: `Sign in: \`${SIGN_IN_COMMAND}\`.` };
  const signedIn = config.models?.providers?.[PORTAL_PROVIDER_ID] !== undefined;
  const byKey = "With an API key: `openclaw minimax-portal preset api-key`.";
  const bySignIn = `With your sign-in: \`openclaw models set ${PORTAL_PROVIDER_ID}/${id}\`. `;
  return { what, next: `${signedIn ? bySignIn : ""}${byKey}` };
}

function meant(id: string, known: readonly string[]): string | undefined {
  const finding = checkModelId(id, known);
  if (finding.kind === "known") return id;
  return finding.kind === "unknown" ? undefined : finding.id;
}
