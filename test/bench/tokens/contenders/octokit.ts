import { type Condition, type Contender, importPeer, type World } from "../contender.ts";

type Auth = (options: { type: "oauth" }) => Promise<{ token: string }>;
interface Package {
  createOAuthDeviceAuth(options: Record<string, unknown>): Auth;
}
interface RequestPackage {
  request: { defaults(options: Record<string, unknown>): unknown };
}

async function createAuth(world: World): Promise<Auth> {
  const { createOAuthDeviceAuth } = await importPeer<Package>(world, "@octokit/auth-oauth-device");
  const { request } = await importPeer<RequestPackage>(world, "@octokit/request");
  return createOAuthDeviceAuth({
    clientType: "github-app",
    clientId: "bench",
    onVerification() {},
    request: request.defaults({ baseUrl: world.serverUrl }),
  });
}

export async function open(world: World, _condition: Condition): Promise<Contender<{ token: string }>> {
  const auth = await createAuth(world);
  return { ask: () => auth({ type: "oauth" }), textOf: ({ token }) => token };
}

export async function addAccount(world: World): Promise<unknown> {
  const auth = await createAuth(world);
  await auth({ type: "oauth" });
  return auth;
}
