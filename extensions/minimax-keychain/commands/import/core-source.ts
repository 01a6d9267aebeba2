import { join } from "node:path";
import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import {
  type EndpointOverrides,
  endpointsOf,
  REGIONS,
  type RegionId,
  Secret,
} from "../../../../src/index.ts";
import { coreProfiles } from "../../core-profiles.ts";
import { PORTAL_PROVIDER_ID } from "../../names.ts";
import { compact } from "./compact.ts";
import type { FoundLogin, PlainLoginSource } from "./sources.ts";

/** What the bundled plugin's sign-in leaves in OpenClaw's own store: auth profiles in SQLite, by agent. */
export function coreSource(config: OpenClawConfig, overrides: EndpointOverrides = {}): PlainLoginSource {
  return {
    id: "openclaw",
    label: "OpenClaw",
    code: "openclaw_login_left",
    async find() {
      const found = (await coreProfiles(config)).filter(
        ({ provider, type }) => provider === PORTAL_PROVIDER_ID && type === "oauth",
      );
      // An agent without a store of its own shows the main one's.
      const once = new Map(
        found.map((each) => [`${each.profileId}\0${tokensOf(each.credential).refresh}`, each]),
      );
      return [...once.values()].map(
        ({ agentDir, profileId, credential }): FoundLogin => ({
          place: `profile ${profileId}${agentDir ? ` of ${agentDir}` : ""}`,
          login: loginIn(credential),
          region: regionOf(config, overrides),
          remove: () => remove(config, agentDir, profileId),
        }),
      );
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

async function remove(
  config: OpenClawConfig,
  agentDir: string | undefined,
  profileId: string,
): Promise<void> {
  const { ensureAuthProfileStoreForLocalUpdate, removeProviderAuthProfilesWithLock } = await import(
    "openclaw/plugin-sdk/provider-auth"
  );
  const where = agentDir === undefined ? {} : { agentDir };
  const ids = { provider: PORTAL_PROVIDER_ID, profileIds: [profileId], cfg: config };
  await removeProviderAuthProfilesWithLock({ ...where, ...ids } as Parameters<
    typeof removeProviderAuthProfilesWithLock
  >[0]);
  if (profileId in ensureAuthProfileStoreForLocalUpdate(agentDir).profiles) {
    throw new Error("OpenClaw did not delete the profile");
  }
  const { resolveStateDir } = await import("openclaw/plugin-sdk/state-paths");
  compact(join(resolveStateDir(), "state", "openclaw.sqlite"));
  if (agentDir !== undefined) compact(join(agentDir, "openclaw-agent.sqlite"));
}
