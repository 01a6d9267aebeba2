import { type Condition, type Contender, endOf, importPeer, seed, type World } from "../contender.ts";

interface Client {
  setCredentials(credentials: Record<string, string | number>): void;
  getAccessToken(): Promise<{ token: string }>;
}
interface Package {
  OAuth2Client: new (options: Record<string, unknown>) => Client;
}

async function signedIn(world: World, condition: Condition): Promise<Client> {
  const { OAuth2Client } = await importPeer<Package>(world, "google-auth-library");
  const client = new OAuth2Client({
    clientId: "bench",
    clientSecret: "bench",
    endpoints: { oauth2TokenUrl: `${world.serverUrl}/token` },
    eagerRefreshThresholdMillis: 5 * 60_000,
  });
  client.setCredentials({ ...(await seed(world)), expiry_date: endOf(condition) });
  return client;
}

export async function open(world: World, condition: Condition): Promise<Contender<{ token: string }>> {
  const client = await signedIn(world, condition);
  return { ask: () => client.getAccessToken(), textOf: ({ token }) => token };
}

export async function addAccount(world: World): Promise<unknown> {
  const client = await signedIn(world, "fresh");
  await client.getAccessToken();
  return client;
}
