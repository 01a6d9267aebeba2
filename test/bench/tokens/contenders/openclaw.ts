import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Condition, type Contender, endOf, seed, type World } from "../contender.ts";

const PROVIDER = "bench-portal";
const PROFILE = `${PROVIDER}:default`;
/** Another account, whose token is fresh: asking for it loads the plugin and opens the store. */
const WARM_PROFILE = `${PROVIDER}:warm`;

/** A provider plugin with the one hook that core's refresh needs; the rest is core's own. */
const PLUGIN = `export default { id: "${PROVIDER}", name: "Bench", register: (api) => api.registerProvider({
  id: "${PROVIDER}", label: "Bench", auth: [],
  async refreshOAuth(credential) {
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: credential.refresh });
    const response = await fetch(process.env.BENCH_TOKEN_URL, { method: "POST", body });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    const expires = Date.now() + answer.expires_in * 1000;
    return { ...credential, access: answer.access_token, refresh: answer.refresh_token, expires };
  },
}) };
`;
const MANIFEST = {
  id: PROVIDER,
  providers: [PROVIDER],
  activation: { onStartup: true },
  configSchema: { type: "object", additionalProperties: false, properties: {} },
};

const pluginFolder = (world: World) => join(world.directory, "plugin");

async function core(world: World) {
  process.env.BENCH_TOKEN_URL = `${world.serverUrl}/token`;
  const runtime = await import("openclaw/plugin-sdk/agent-runtime");
  const cfg = {
    plugins: {
      load: { paths: [pluginFolder(world)] },
      allow: [PROVIDER],
      entries: { [PROVIDER]: { enabled: true } },
    },
  };
  return { ...runtime, cfg, agentDir: runtime.resolveDefaultAgentDir(cfg) };
}

async function credential(world: World, condition: Condition) {
  const { access_token: access, refresh_token: refresh } = await seed(world);
  return { type: "oauth" as const, provider: PROVIDER, access, refresh, expires: endOf(condition) };
}

/** A store with these profiles, in the state directory that the environment names. */
async function signedIn(world: World, conditions: Record<string, Condition>): Promise<void> {
  const { saveAuthProfileStore, agentDir } = await core(world);
  const profiles: Record<string, Awaited<ReturnType<typeof credential>>> = {};
  for (const [name, condition] of Object.entries(conditions)) {
    profiles[name] = await credential(world, condition);
  }
  saveAuthProfileStore({ version: 1, profiles }, agentDir);
}

export async function prepare(world: World, condition: Condition): Promise<void> {
  mkdirSync(pluginFolder(world), { recursive: true });
  const files = {
    "index.js": PLUGIN,
    "openclaw.plugin.json": JSON.stringify(MANIFEST),
    "package.json": JSON.stringify({
      name: PROVIDER,
      version: "1.0.0",
      type: "module",
      openclaw: { extensions: ["./index.js"] },
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(pluginFolder(world), name), text);
  await signedIn(world, { [PROFILE]: condition, [WARM_PROFILE]: "fresh" });
}

export async function open(world: World): Promise<Contender<{ apiKey: string }>> {
  const { cfg, agentDir, ensureAuthProfileStore, resolveApiKeyForProfile } = await core(world);
  const store = ensureAuthProfileStore(agentDir, { allowKeychainPrompt: false });
  const resolve = async (profileId: string) => {
    const resolved = await resolveApiKeyForProfile({ cfg, store, profileId, agentDir });
    if (!resolved) throw new Error("OpenClaw has no key for the profile.");
    return resolved;
  };
  return {
    ask: () => resolve(PROFILE),
    textOf: ({ apiKey }) => apiKey,
    warm: async () => void (await resolve(WARM_PROFILE)),
  };
}

export async function addAccount(world: World, index: number): Promise<unknown> {
  if (index === 0) await prepare(world, "fresh");
  const { cfg, agentDir, ensureAuthProfileStore, resolveApiKeyForProfile, saveAuthProfileStore } =
    await core(world);
  const profileId = `${PROVIDER}:account-${index}`;
  const { profiles } = ensureAuthProfileStore(agentDir, { allowKeychainPrompt: false });
  const added = { ...profiles, [profileId]: await credential(world, "fresh") };
  saveAuthProfileStore({ version: 1, profiles: added }, agentDir);
  // The host keeps one store for all profiles: the latest takes the place of the one before it.
  kept = ensureAuthProfileStore(agentDir, { allowKeychainPrompt: false });
  await resolveApiKeyForProfile({ cfg, store: kept, profileId, agentDir });
  return undefined;
}
let kept: ReturnType<Awaited<ReturnType<typeof core>>["ensureAuthProfileStore"]> | undefined;
