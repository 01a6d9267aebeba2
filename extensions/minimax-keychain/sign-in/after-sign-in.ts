import { type ErrorCode, isAuthError, type PortalAuth, type Usage } from "../../../src/index.ts";

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
 * Asks for the plan with the first token (design, "Sign-in"), so that a wrong endpoint or a missing plan shows
 * now and not in the first turn. @returns a line for the person, or none
 */
export async function firstCheck(
  auth: Pick<PortalAuth, "usage" | "flush">,
  account: string,
): Promise<string[]> {
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
