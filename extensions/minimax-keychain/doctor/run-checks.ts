import { isAuthError } from "../../../src/index.ts";
import { check, type Finding, problemOf } from "./finding.ts";
import { defaultModel, hostVersion, pluginOrder, provider } from "./host-checks.ts";
import type { DoctorInput } from "./input.ts";
import { apiKey } from "./key-checks.ts";
import { leftovers } from "./leftover-checks.ts";
import { clock, proxy, stateFile } from "./machine-checks.ts";
import { modelIds } from "./model-checks.ts";
import { plan, planModels, portal } from "./online-checks.ts";
import { baseUrl, keychain, pluginSettings, region, token } from "./sign-in-checks.ts";

/** Every check, in the order in which faults explain each other. */
export async function runChecks(input: DoctorInput): Promise<readonly Finding[]> {
  const leftoversFound = check("plain text", () => leftovers(input));
  const stateRead = await readState(input);
  const { state } = stateRead;
  const read = await readKeychain(input, state);
  const known = { state, stored: read.stored, readable: stateRead.findings.length === 0 };
  const planFound = check("plan", () => plan(input, known));
  const here = await Promise.all([
    check("host version", () => hostVersion(input)),
    check("plugin order", () => pluginOrder(input)),
    check("plugin settings", () => pluginSettings(input)),
    check("provider entry", () => provider(input)),
    check("default model", () => defaultModel(input)),
    check("model ids", () => modelIds(input)),
    check("API key", () => apiKey(input)),
    stateRead.findings,
    check("state file", () => stateFile(input, known)),
    read.findings,
    check("token", () => token(input, known)),
    check("endpoint", () => region(input, known)),
    check("base URL", () => baseUrl(input, known)),
    check("clock", () => clock(input, known)),
    check("proxy", () => proxy(input)),
    leftoversFound,
    check("sign-in server", () => portal(input, known)),
    planFound,
    check("models in the plan", async () => planModels(input, await planFound)),
  ]);
  return decideClock(here.flat());
}

/** Two looks at one clock: a fault counts more than its absence, and MiniMax's own time more than nothing. */
function decideClock(findings: readonly Finding[]): readonly Finding[] {
  const verdicts = findings.filter(({ check }) => check === "clock").map(({ verdict }) => verdict);
  const telling = (["problem", "ok", "unchecked"] as const).find((verdict) => verdicts.includes(verdict));
  return findings.filter(({ check, verdict }) => check !== "clock" || verdict === telling);
}

async function readState({ auth, account }: DoctorInput) {
  try {
    return { state: await auth.status(account), findings: [] };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { state: undefined, findings: [problemOf("state file", error)] };
  }
}

async function readKeychain(input: DoctorInput, state: Awaited<ReturnType<typeof readState>>["state"]) {
  let found: Awaited<ReturnType<typeof keychain>> | undefined;
  const findings = await check("keychain", async () => {
    found = await keychain(input, state);
    return found.findings;
  });
  return { findings, stored: found?.stored };
}
