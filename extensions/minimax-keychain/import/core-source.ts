import { join } from "node:path";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { type EndpointOverrides, endpointsOf, REGIONS, type RegionId, Secret } from "../../../src/index.ts";
import { AGENT_STORE, type CoreProfile, coreProfiles, isOldLogin } from "../config/core-profiles.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";
import { compact } from "./compact.ts";
import type { FoundLogin, PlainLoginSource } from "./sources.ts";

/** What the bundled plugin's sign-in leaves in OpenClaw's own store: auth profiles in SQLite, by agent. */
export function coreSource(config: OpenClawConfig, overrides: EndpointOverrides = {}): PlainLoginSource {
  return {
    id: "openclaw",
    label: "OpenClaw",
    code: "openclaw_login_left",
    async find() {
      // An agent shows the main one's as well, and may have a copy of its own.
      const logins = Map.groupBy(
        (await coreProfiles(config)).filter(isOldLogin),
        ({ profileId, credential }) => `${profileId}\0${tokensOf(credential).refresh}`,
      );
      return [...logins.values()].map((copies): FoundLogin => {
        const [{ agentDir, profileId, credential }] = copies as [CoreProfile, ...CoreProfile[]];
        return {
          from: "openclaw",
          place: `profile ${profileId}${agentDir ? ` of ${agentDir}` : ""}`,
          login: loginIn(credential),
          region: regionOf(config, overrides),
          async remove() {
            for (const copy of copies) await remove(config, copy);
          },
        };
      });
    },
  };
}

interface Tokens {
  readonly access?: unknown;
  readonly refresh?: unknown;
  readonly expires?: unknown;
}

const tokensOf = (credential: object): Tokens => credential as Tokens;

function loginIn(credential: object): FoundLogin["login"] {
  const { access, refresh, expires } = tokensOf(credential);
  if (typeof access !== "string" || typeof refresh !== "string" || typeof expires !== "number")
    return undefined;
  if (access === "" || refresh === "" || !Number.isFinite(expires) || expires <= 0) return undefined;
  return {
    accessToken: new Secret(access),
    refreshToken: new Secret(refresh),
    expiresAt: Math.round(expires),
  };
}

/** The bundled plugin keeps the endpoint in the config only, as the provider's base URL. */
function regionOf(config: OpenClawConfig, overrides: EndpointOverrides): RegionId | undefined {
  const given = config.models?.providers?.[PORTAL_PROVIDER_ID]?.baseUrl;
  if (typeof given !== "string" || !URL.canParse(given)) return undefined;
  const ids = Object.keys(REGIONS) as RegionId[];
  return ids.find((id) => new URL(endpointsOf(id, overrides).inference).host === new URL(given).host);
}

async function remove(config: OpenClawConfig, { agentDir, profileId }: CoreProfile): Promise<void> {
  const { ensureAuthProfileStoreForLocalUpdate, removeProviderAuthProfilesWithLock } = await import(
    "openclaw/plugin-sdk/provider-auth"
  );
  const isThere = () => profileId in ensureAuthProfileStoreForLocalUpdate(agentDir).profiles;
  // What an agent showed of the main one's went with that.
  if (!isThere()) return;
  const where = agentDir === undefined ? {} : { agentDir };
  const ids = { provider: PORTAL_PROVIDER_ID, profileIds: [profileId], cfg: config };
  await removeProviderAuthProfilesWithLock({ ...where, ...ids } as Parameters<
    typeof removeProviderAuthProfilesWithLock
  >[0]);
  if (isThere()) throw new Error("OpenClaw did not delete the profile");
  const { resolveStateDir } = await import("openclaw/plugin-sdk/state-paths");
  const stateDirectory = resolveStateDir();
  compact(join(stateDirectory, "state", "openclaw.sqlite"));
  compact(join(agentDir ?? join(stateDirectory, "agents", "main", "agent"), AGENT_STORE));
}
