import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Condition, type Contender, endOf, importPeer, seed, type World } from "../contender.ts";

type Provider = () => Promise<{ token: string }>;
interface Package {
  nodeProvider(options: Record<string, unknown>): Provider;
}

const MOST_ACCOUNTS = 100;

const provider = async (world: World, profile: string): Promise<Provider> => {
  const { nodeProvider } = await importPeer<Package>(world, "@aws-sdk/token-providers");
  return nodeProvider({ profile, clientConfig: { endpoint: `${world.serverUrl}/aws` } });
};

/** What `aws sso login` leaves behind, in this process's HOME. */
async function writeSession(world: World, name: string, condition: Condition): Promise<void> {
  const { access_token: accessToken, refresh_token: refreshToken } = await seed(world);
  const file = `${createHash("sha1").update(name).digest("hex")}.json`;
  const expiresAt = new Date(endOf(condition)).toISOString();
  const session = { accessToken, refreshToken, expiresAt, clientId: "bench", clientSecret: "bench" };
  writeFileSync(join(process.env.HOME ?? "", ".aws/sso/cache", file), JSON.stringify(session));
}

/** The SDK reads this file once, so all profiles are in it from the start. */
function writeConfig(): void {
  const names = ["bench", ...Array.from({ length: MOST_ACCOUNTS }, (_, index) => `account-${index}`)];
  const sections = names.map(
    (name) => `[profile ${name}]
sso_session = ${name}
[sso-session ${name}]
sso_region = us-east-1
sso_start_url = https://example.invalid/start
`,
  );
  mkdirSync(join(process.env.HOME ?? "", ".aws/sso/cache"), { recursive: true });
  writeFileSync(join(process.env.HOME ?? "", ".aws/config"), sections.join(""));
}

export async function prepare(world: World, condition: Condition): Promise<void> {
  writeConfig();
  await writeSession(world, "bench", condition);
}

export async function open(world: World): Promise<Contender<{ token: string }>> {
  const token = await provider(world, "bench");
  return {
    ask: token,
    textOf: (answer) => answer.token,
    // Otherwise loaded within the first refresh.
    warm: async () => void (await importPeer(world, "@aws-sdk/nested-clients/sso-oidc")),
  };
}

export async function addAccount(world: World, index: number): Promise<unknown> {
  if (index === 0) writeConfig();
  await writeSession(world, `account-${index}`, "fresh");
  const token = await provider(world, `account-${index}`);
  await token();
  return token;
}
