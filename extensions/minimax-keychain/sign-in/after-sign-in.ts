import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import {
  type Auth,
  type ErrorCode,
  isAuthError,
  isStoreName,
  REGIONS,
  type RegionId,
  SIGN_IN_COMMAND,
  type SignedIn,
  STORES,
  type Usage,
} from "../../../src/index.ts";
import { coreProfiles, isOldLogin } from "../config/core-profiles.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";

/** The person has just approved and waits for nothing else, ms. */
const WITHIN_MS = 3_000;

/** What says something about a new sign-in. A network that fails just now does not. */
const TELLING: readonly ErrorCode[] = [
  "plan_missing",
  "quota_exhausted",
  "region_mismatch",
  "token_rejected",
];

/**
 * Asks for the plan with the first token, so that a wrong endpoint or a missing plan shows
 * now and not in the first turn. @returns a line for the person, or none
 */
export async function firstCheck(auth: Pick<Auth, "usage" | "flush">, account: string): Promise<string[]> {
  try {
    return [planLine(await auth.usage(account, { signal: AbortSignal.timeout(WITHIN_MS) }))];
  } catch (error) {
    return isAuthError(error) && TELLING.includes(error.code) ? [error.message] : [];
  } finally {
    // A 401 begins a refresh, and the process may end after this.
    await auth.flush().catch(() => {});
  }
}

function planLine({ rows }: Usage): string {
  const left = rows.flatMap(({ name, interval: { remainingPercent: percent } }) =>
    percent === undefined ? [] : [`${name} ${Math.floor(percent)} %`],
  );
  return left.length > 0
    ? `MiniMax accepts the token. Left of the plan: ${left.join(", ")}.`
    : "MiniMax accepts the token.";
}

export function notes(region: RegionId, { storeName, notice }: SignedIn): string[] {
  return [
    `Tokens are in ${isStoreName(storeName) ? STORES[storeName].place : storeName} and are refreshed before they expire.`,
    `Endpoint: ${REGIONS[region].label} (${REGIONS[region].apiHost}). To change it: ${SIGN_IN_COMMAND}`,
    "Lightning: on the coding plan MiniMax routes M2.1 to it by itself, and back when traffic peaks. Choosing MiniMax-M2.1-lightning asks for it by name.",
    ...(notice ? [notice] : []),
  ];
}

/** An allow-list is the person's own to change; without the models in it they can only be the default. */
export function notAllowed({ agents }: OpenClawConfig): string[] {
  const all = [agents?.defaults, ...Object.values(agents?.entries ?? {})];
  const closed = all.some((agent) => {
    const allow = agent?.modelPolicy?.allow ?? [];
    return allow.length > 0 && !allow.some((ref) => ref.startsWith(`${PORTAL_PROVIDER_ID}/`));
  });
  return closed
    ? [
        "Your modelPolicy.allow does not list the plan's models, so none but the default can be used. To add them: openclaw minimax-portal preset oauth",
      ]
    : [];
}

/**
 * What to say after a sign-in of a login that the bundled plugin left in OpenClaw's own store: it stays there
 * in plain text, and OpenClaw may use it before ours.
 */
export async function oldLoginNote(
  config: OpenClawConfig,
  profilesOf: typeof coreProfiles = coreProfiles,
): Promise<string[]> {
  // Nobody loses a sign-in because the host's store could not be read.
  const profiles = await profilesOf(config).catch(() => []);
  return profiles.some(isOldLogin)
    ? [
        "OpenClaw still has an older MiniMax login, in plain text. To delete it: openclaw minimax-portal import --from openclaw --discard",
      ]
    : [];
}
