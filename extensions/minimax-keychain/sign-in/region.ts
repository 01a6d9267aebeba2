import { type PortalAuth, parseRegion, type RegionId } from "../../../src/index.ts";

/**
 * The endpoint that an account was signed in to last; a plan is good at one endpoint only, so a sign-in is
 * renewed there. Asks the state and no keychain.
 */
export async function lastRegion(
  auth: Pick<PortalAuth, "accounts" | "status">,
  account: string,
): Promise<RegionId | undefined> {
  try {
    if (!(await auth.accounts()).includes(account)) return undefined;
    return parseRegion((await auth.status(account))?.region ?? "");
  } catch {
    return undefined;
  }
}
