import { isAuthError } from "../../../src/index.ts";
import { type Finding, looked, problemOf } from "./finding.ts";
import { defaultModel, hostVersion, pluginOrder, provider } from "./host-checks.ts";
import type { Patient } from "./input.ts";
import { apiKey } from "./key-checks.ts";
import { leftovers } from "./leftover-checks.ts";
import { clock, proxy, stateFile } from "./machine-checks.ts";
import { modelIds } from "./model-checks.ts";
import { plan, planModels, portal } from "./online-checks.ts";
import { baseUrl, keychain, pluginSettings, region, token } from "./sign-in-checks.ts";

/** Every check, in the order in which faults explain each other. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const leftoversFound = looked("plain text", () => leftovers(patient));
  const stateRead = await readState(patient);
  const { state } = stateRead;
  const read = await readKeychain(patient, state);
  const known = { state, stored: read.stored, readable: stateRead.findings.length === 0 };
  const planFound = looked("plan", () => plan(patient, known));
  const here = await Promise.all([
    looked("host version", () => hostVersion(patient)),
    looked("plugin order", () => pluginOrder(patient)),
    looked("plugin settings", () => pluginSettings(patient)),
    looked("provider entry", () => provider(patient)),
    looked("default model", () => defaultModel(patient)),
    looked("model ids", () => modelIds(patient)),
    looked("API key", () => apiKey(patient)),
    stateRead.findings,
    looked("state file", () => stateFile(patient, known)),
    read.findings,
    looked("token", () => token(patient, known)),
    looked("endpoint", () => region(patient, known)),
    looked("base URL", () => baseUrl(patient, known)),
    looked("clock", () => clock(patient, known)),
    looked("proxy", () => proxy(patient)),
    leftoversFound,
    looked("sign-in server", () => portal(patient, known)),
    planFound,
    looked("models in the plan", async () => planModels(patient, await planFound)),
  ]);
  return decideClock(here.flat());
}

/** Two looks at one clock: a fault counts more than its absence, and MiniMax's own time more than nothing. */
function decideClock(findings: readonly Finding[]): readonly Finding[] {
  const verdicts = findings.filter(({ check }) => check === "clock").map(({ verdict }) => verdict);
  const telling = (["problem", "ok", "unchecked"] as const).find((verdict) => verdicts.includes(verdict));
  return findings.filter(({ check, verdict }) => check !== "clock" || verdict === telling);
}

async function readState({ auth, account }: Patient) {
  try {
    return { state: await auth.status(account), findings: [] };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { state: undefined, findings: [problemOf("state file", error)] };
  }
}

async function readKeychain(patient: Patient, state: Awaited<ReturnType<typeof readState>>["state"]) {
  let found: Awaited<ReturnType<typeof keychain>> | undefined;
  const findings = await looked("keychain", async () => {
    found = await keychain(patient, state);
    return found.findings;
  });
  return { findings, stored: found?.stored };
}
