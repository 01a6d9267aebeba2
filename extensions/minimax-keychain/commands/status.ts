import { type PortalAuth, REGIONS, type RegionId, SIGN_IN_COMMAND } from "../../../src/index.ts";

/**
 * Prints the sign-in without asking the keychain or the network.
 * @returns the exit code: 0 signed in, 1 not signed in or a new sign-in is needed
 */
export async function status(
  auth: PortalAuth,
  account: string,
  json: boolean,
  now = Date.now(),
): Promise<number> {
  const state = await auth.status(account);
  const signedIn = state !== undefined && state.quarantined !== state.generationId;
  if (json) {
    const { store, region, expiresAt } = state ?? {};
    console.log(JSON.stringify({ account, signedIn, region, store, expiresAt }, null, 2));
    return signedIn ? 0 : 1;
  }
  if (!signedIn) {
    console.log(`Account "${account}" is not signed in to MiniMax. Sign in: ${SIGN_IN_COMMAND}`);
    return 1;
  }
  const region = REGIONS[state.region as RegionId];
  console.log(`Account   ${account}`);
  console.log(`Endpoint  ${region?.label ?? state.region} (${region?.apiHost ?? "unknown"})`);
  console.log(`Keychain  ${state.store}`);
  console.log(`Token     ${life(state.expiresAt - now)}`);
  return 0;
}

function life(ms: number): string {
  if (ms <= 0) return "expired; refreshed with the next request";
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "valid for less than a minute, refreshed by itself";
  if (minutes < 120) return `valid for ${minutes} min, refreshed by itself`;
  return `valid for ${Math.floor(minutes / 60)} h, refreshed by itself`;
}
