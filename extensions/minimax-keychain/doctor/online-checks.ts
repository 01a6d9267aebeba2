import { DEFAULT_MODEL_ID, isAuthError, REGIONS, type RegionId } from "../../../src/index.ts";
import { duration } from "../cli/output.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";
import { type Finding, ok, problem, problemOf, unchecked } from "./finding.ts";
import type { DoctorInput } from "./input.ts";
import { modelRefs } from "./model-refs.ts";
import type { SignInKnown } from "./sign-in-checks.ts";

const TOLERATED_SKEW_MS = 30_000;

/** MiniMax's sign-in server, and by it the clock. */
export async function portal(
  { auth, online, pluginConfig }: DoctorInput,
  { stored }: SignInKnown,
): Promise<Finding[]> {
  const check = "sign-in server";
  if (!online) return [unchecked(check, "--online asks it")];
  const configured = (pluginConfig as { region?: unknown } | undefined)?.region;
  const id = (stored?.region ?? configured ?? "global") as RegionId;
  const { host, clockSkewMs } = await auth.probe(id);
  return [ok(check, `${host} answers (${REGIONS[id]?.label ?? id})`), clockBy(clockSkewMs)];
}

function clockBy(skewMs: number | undefined): Finding {
  const check = "clock";
  if (skewMs === undefined) return unchecked(check, "MiniMax sent no time");
  if (Math.abs(skewMs) <= TOLERATED_SKEW_MS) return ok(check, "as MiniMax's");
  const way = skewMs > 0 ? "behind" : "ahead of";
  return problem(
    check,
    "clock_skewed",
    `it is ${duration(Math.abs(skewMs))} ${way} MiniMax's`,
    "Set this machine's clock, or switch on its synchronisation.",
  );
}

/** Whether MiniMax accepts the token, and has a plan for it. */
export async function plan(
  { auth, online, account }: DoctorInput,
  { stored }: SignInKnown,
): Promise<Finding[]> {
  const check = "plan";
  if (!online) return [unchecked(check, "--online asks for it")];
  if (!stored) return [unchecked(check, "the sign-in could not be read")];
  try {
    const { rows } = await auth.usage(account);
    return [ok(check, `MiniMax accepts the token (${rows.length} figures)`)];
  } catch (error) {
    if (isAuthError(error)) return [problemOf(check, error)];
    throw error;
  }
}

/** Whether the plan has the models that the config asks for: each is asked for one token. */
export async function planModels(
  { auth, online, account, config }: DoctorInput,
  planFound: readonly Finding[],
): Promise<Finding[]> {
  const check = "models in the plan";
  if (!online) return [unchecked(check, "--online asks them")];
  if (planFound.some(({ verdict }) => verdict !== "ok")) return [unchecked(check, "see the plan")];
  const prefix = `${PORTAL_PROVIDER_ID}/`;
  const used = modelRefs(config).filter(({ ref, used }) => used && ref.startsWith(prefix));
  const ids = [...new Set(used.map(({ ref }) => ref.slice(prefix.length)))];
  if (ids.length === 0) return [unchecked(check, "the config asks for none of MiniMax's")];
  const answers = await Promise.all(ids.map(async (id) => ({ id, ...(await auth.askModel(account, id)) })));
  return answers.map(({ id, status, meaning }) => {
    if (status === 200) return ok(check, `${id} answers`);
    if (meaning !== "model_not_in_plan") return unchecked(check, `${id} answered HTTP ${status}`);
    const fix =
      id === DEFAULT_MODEL_ID
        ? "Choose another: openclaw models list --provider minimax-portal"
        : `openclaw models set ${prefix}${DEFAULT_MODEL_ID}, or another plan`;
    return problem(check, "model_not_in_plan", `the plan does not include ${id}`, fix);
  });
}
