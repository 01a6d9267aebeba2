import type { ProviderAuthContext } from "openclaw/plugin-sdk/plugin-entry";
import {
  type Auth,
  AuthError,
  isAuthError,
  parseRegion,
  REGIONS,
  type RegionId,
} from "../../../src/index.ts";
import type { Runtime } from "../runtime.ts";

/** What a person types before an endpoint, in the place where they type it. */
export type RegionOption = "--minimax-region" | "--region" | "/minimax-login";

export interface RegionRequest {
  readonly option: RegionOption;
  /** What was typed behind the option; undefined: nothing. */
  readonly typed: string | undefined;
  readonly account: string;
  /** Asks the person, with `preselected` as the answer for Enter; left out where nobody can answer. */
  readonly ask?: ((preselected: RegionId) => Promise<RegionId>) | undefined;
  /** Whether to ask even if the account has an endpoint already. */
  readonly asksAgain?: boolean;
}

export interface ChosenRegion {
  readonly region: RegionId;
  readonly from: "typed" | "setting" | "variable" | "last" | "asked" | "default";
}

/**
 * The endpoint of a sign-in. The first of these that there is:
 *
 * | | from | |
 * |---|---|---|
 * | 1 | typed | `--minimax-region` of onboarding, `--region` of `login`, `/minimax-login cn` in a chat |
 * | 2 | setting | `region` in the plugin's config |
 * | 3 | variable | `MINIMAX_REGION` |
 * | 4 | last | where the account was signed in last; onboarding in a terminal asks and preselects it |
 * | 5 | asked | the answer, where somebody can give one |
 * | 6 | default | Global; the caller says so |
 *
 * @throws AuthError `region_unknown` that names the option of this place
 */
export async function chooseRegion(
  { auth, config }: { readonly auth: Pick<Auth, "accounts" | "status"> } & Pick<Runtime, "config">,
  { option, typed, account, ask, asksAgain = false }: RegionRequest,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChosenRegion> {
  if (typed !== undefined) return { region: parseRegionArgument(typed, option), from: "typed" };
  if (config.region) return { region: config.region, from: "setting" };
  const variable = env.MINIMAX_REGION;
  if (variable) return { region: parseRegionArgument(variable, option), from: "variable" };
  const last = await lastRegion(auth, account);
  if (last && !(ask && asksAgain)) return { region: last, from: "last" };
  if (ask) return { region: await ask(last ?? "global"), from: "asked" };
  return { region: "global", from: "default" };
}

/** @throws AuthError `region_unknown` that names `option` */
export function parseRegionArgument(text: string, option: RegionOption): RegionId {
  try {
    return parseRegion(text);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    const choices = Object.values(REGIONS).map(({ id, apiHost }) => `\`${option} ${id}\` (${apiHost})`);
    throw new AuthError(error.code, { ...error.text, next: `Use ${choices.join(" or ")}.` });
  }
}

/** For a person who was not asked: the endpoint, and how to get the other one. */
export function endpointNotice(region: RegionId, option: RegionOption): string {
  const { label, apiHost } = REGIONS[region];
  const other = region === "global" ? `For China: ${option} cn` : `For Global: ${option} global`;
  return `Endpoint: ${label} (${apiHost}). ${other}`;
}

/** Asks in the host's wizard. */
export const askInWizard =
  ({ prompter }: Pick<ProviderAuthContext, "prompter">) =>
  (preselected: RegionId): Promise<RegionId> =>
    prompter.select<RegionId>({
      message: "MiniMax endpoint",
      options: [
        { value: "global", label: "Global", hint: "international users, api.minimax.io" },
        { value: "cn", label: "CN", hint: "users in China, api.minimaxi.com" },
      ],
      initialValue: preselected,
    });

/**
 * The endpoint that an account was signed in to last: a plan is good at one endpoint only. Reads the state and
 * no keychain.
 */
async function lastRegion(
  auth: Pick<Auth, "accounts" | "status">,
  account: string,
): Promise<RegionId | undefined> {
  try {
    if (!(await auth.accounts()).includes(account)) return undefined;
    return parseRegion((await auth.status(account))?.region ?? "");
  } catch {
    return undefined;
  }
}
