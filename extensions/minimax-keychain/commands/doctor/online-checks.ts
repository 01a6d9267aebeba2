import { isAuthError, REGIONS, type RegionId } from "../../../../src/index.ts";
import { duration } from "../figures.ts";
import { type Finding, ok, problem, problemOf, unchecked } from "./finding.ts";
import type { Patient } from "./patient.ts";
import type { SignInKnown } from "./sign-in-checks.ts";

const TOLERATED_SKEW_MS = 30_000;

/** MiniMax's sign-in server, and by it the clock. */
export async function portal(
  { auth, online, pluginConfig }: Patient,
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

/** Whether MiniMax takes the token, and has a plan for it. */
export async function plan({ auth, online, account }: Patient, { stored }: SignInKnown): Promise<Finding[]> {
  const check = "plan";
  if (!online) return [unchecked(check, "--online asks for it")];
  if (!stored) return [unchecked(check, "the sign-in could not be read")];
  try {
    const { rows } = await auth.usage(account);
    return [ok(check, `MiniMax takes the token (${rows.length} figures)`)];
  } catch (error) {
    if (isAuthError(error)) return [problemOf(check, error)];
    throw error;
  }
}
