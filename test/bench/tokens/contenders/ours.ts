import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Keychain } from "../../../../src/keychain/index.ts";
import { memoryKeychain } from "../../../support/memory-keychain.ts";
import type * as Ours from "../bundled.ts";
import { type Condition, type Contender, DUE_LEFT_MS, LIFE_MS, type World } from "../contender.ts";
import { ACCOUNTS } from "../job.ts";

type Bundled = typeof Ours;
type Auth = ReturnType<Bundled["createAuth"]>;
type LiveToken = Awaited<ReturnType<Auth["token"]>>;

/** How long ago a sign-in must lie for its token to be in this condition. */
const AGE_MS: Record<Condition, number> = { fresh: 0, due: LIFE_MS - DUE_LEFT_MS, expired: 2 * LIFE_MS };
const ACCOUNT = "default";

/** The product with a clock that can be turned; both of its hands move together. */
function openAuth({ createAuth }: Bundled, world: World, keychain?: Keychain) {
  const clock = {
    behindMs: 0,
    /** While signing in: the stand-in has approved before the first question. */
    hurries: false,
    now: () => Date.now() - clock.behindMs,
    monotonic: () => performance.now() - clock.behindMs,
    sleep: (ms: number, signal?: AbortSignal) =>
      sleep(clock.hurries ? 0 : ms, undefined, signal ? { signal } : {}),
  };
  const stateDirectory = `${world.directory}/state`;
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const auth = createAuth({
    stateDirectory,
    keychainChild: join(world.bundle, "keychain-child.js"),
    env: { ...process.env, OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: "throwaway" },
    tokenStore: world.tokenStore,
    ...(keychain ? { replaceStore: () => keychain } : {}),
    endpoints: { global: { authorization: world.portalUrl, inference: `${world.portalUrl}/anthropic` } },
    clock,
  });
  return { auth, clock };
}

const load = (world: World): Promise<Bundled> => import(join(world.bundle, "ours.js"));

async function signIn({ auth, clock }: ReturnType<typeof openAuth>, account: string): Promise<void> {
  clock.hurries = true;
  await auth.signIn({ account, region: "global", show: async () => {}, onWait: () => {} });
  clock.hurries = false;
}

/** A request as the host makes it: its own stream function, and ours around that. */
function requestOf({ withLiveToken }: Bundled, auth: Auth): NonNullable<Contender["request"]> {
  type Hook = Parameters<typeof withLiveToken>;
  const hostFunction = async (_model: unknown, _context: unknown, options: unknown) => options;
  const streamFn = hostFunction as unknown as NonNullable<Hook[1]["streamFn"]>;
  const config = { models: { providers: { "minimax-portal": { apiKey: `minimax-keychain:${ACCOUNT}` } } } };
  const wrapped = withLiveToken({ auth } as Hook[0], { streamFn, config } as unknown as Hook[1]);
  if (!wrapped) throw new Error("The hook did not recognise its placeholder.");
  const model = { id: "MiniMax-M3", baseUrl: "https://example.invalid" } as Parameters<typeof streamFn>[0];
  const context = { messages: [] } as Parameters<typeof streamFn>[1];
  const options = { headers: { "x-title": "bench" } } as Parameters<typeof streamFn>[2];
  return {
    wrapped: async () => wrapped(model, context, options),
    bare: async () => streamFn(model, context, options),
  };
}

export async function prepare(world: World, condition: Condition): Promise<void> {
  const opened = openAuth(await load(world), world);
  opened.clock.behindMs = AGE_MS[condition];
  await signIn(opened, ACCOUNT);
}

export async function open(world: World, condition: Condition): Promise<Contender<LiveToken>> {
  const bundled = await load(world);
  const { auth, clock } = openAuth(bundled, world);
  return {
    ask: () => auth.token(ACCOUNT),
    textOf: ({ accessToken }) => bundled.reveal(accessToken),
    async warm() {
      clock.behindMs = AGE_MS[condition];
      await auth.token(ACCOUNT);
      clock.behindMs = 0;
      // As in a gateway: a process that may end at any moment begins no refresh behind a valid token.
      const signal = new AbortController().signal;
      if (condition === "due") void auth.keepFresh(ACCOUNT, { signal, onToken() {}, onTrouble() {} });
    },
    request: requestOf(bundled, auth),
  };
}

/**
 * All accounts are signed in first, with the engine's store in memory; what is added then is one account in
 * an engine that only serves tokens.
 */
export async function addAccount(world: World, index: number): Promise<unknown> {
  serving ??= await signedInEngine(world);
  await serving.token(`account-${index}`);
  return serving;
}
let serving: Auth | undefined;

async function signedInEngine(world: World): Promise<Auth> {
  const bundled = await load(world);
  const keychain = memoryKeychain();
  const first = openAuth(bundled, world, keychain);
  for (let index = 0; index <= ACCOUNTS; index++) await signIn(first, `account-${index}`);
  // Another spelling of the folder keeps its memory apart from the one that signed in.
  return openAuth(bundled, { ...world, directory: `${world.directory}/.` }, keychain).auth;
}
