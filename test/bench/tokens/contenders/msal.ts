import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Condition, type Contender, importPeer, seed, type World } from "../contender.ts";

interface CacheContext {
  readonly cacheHasChanged: boolean;
  readonly tokenCache: { serialize(): string; deserialize(text: string): void };
}
interface Application {
  acquireTokenByRefreshToken(request: object): Promise<{ account: object }>;
  acquireTokenSilent(request: object): Promise<{ accessToken: string }>;
  getTokenCache(): { getAllAccounts(): Promise<object[]> };
}
interface Package {
  PublicClientApplication: new (configuration: object) => Application;
}

const SCOPES = ["model"];
const ISSUER = "https://login.example.invalid/tenant";

async function createApplication(world: World, shared: boolean): Promise<Application> {
  const { PublicClientApplication } = await importPeer<Package>(world, "@azure/msal-node");
  return new PublicClientApplication({
    auth: {
      clientId: "bench",
      authority: ISSUER,
      knownAuthorities: ["login.example.invalid"],
      authorityMetadata: JSON.stringify({
        issuer: ISSUER,
        authorization_endpoint: `${world.serverUrl}/authorize`,
        token_endpoint: `${world.serverUrl}/token`,
        jwks_uri: `${world.serverUrl}/keys`,
      }),
    },
    ...(shared ? { cache: { cachePlugin: fileCache(join(world.directory, "msal.json")) } } : {}),
  });
}

/** What MSAL's documentation shows for a cache on disk. */
function fileCache(path: string) {
  return {
    async beforeCacheAccess({ tokenCache }: CacheContext) {
      if (existsSync(path)) tokenCache.deserialize(await readFile(path, "utf8"));
    },
    async afterCacheAccess({ cacheHasChanged, tokenCache }: CacheContext) {
      if (cacheHasChanged) await writeFile(path, tokenCache.serialize());
    },
  };
}

/** MSAL takes a token with less than 5 minutes left for expired; its own window is `refresh_in`. */
async function signIn(app: Application, world: World, condition: Condition): Promise<object> {
  const first = { fresh: {}, due: { refreshInS: 1 }, expired: { lifeS: 1 } }[condition];
  const { refresh_token: refreshToken } = await seed(world, first);
  const request = { refreshToken, scopes: SCOPES, forceCache: true };
  const { account } = await app.acquireTokenByRefreshToken(request);
  if (condition !== "fresh") await sleep(2500); // it counts in whole seconds
  return account;
}

export async function prepare(world: World, condition: Condition): Promise<void> {
  await signIn(await createApplication(world, true), world, condition);
}

export async function open(
  world: World,
  condition: Condition,
  shared: boolean,
): Promise<Contender<{ accessToken: string }>> {
  const app = await createApplication(world, shared);
  const account = shared
    ? (await app.getTokenCache().getAllAccounts())[0]
    : await signIn(app, world, condition);
  return {
    ask: () => app.acquireTokenSilent({ account, scopes: SCOPES }),
    textOf: ({ accessToken }) => accessToken,
  };
}

export async function addAccount(world: World): Promise<unknown> {
  application ??= await createApplication(world, false);
  const account = await signIn(application, world, "fresh");
  await application.acquireTokenSilent({ account, scopes: SCOPES });
  return [application, account];
}
let application: Application | undefined;
