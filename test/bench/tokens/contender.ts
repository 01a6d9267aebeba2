/** How far the token in the store is: an hour left; inside every contender's refresh window; ended. */
export type Condition = "fresh" | "due" | "expired";

/** Where a contender finds what it needs. */
export interface World {
  /** Origin of the standard token endpoint, see `token-server.ts`. */
  readonly serverUrl: string;
  /** Origin of the stand-in for MiniMax. */
  readonly portalUrl: string;
  /** A folder of its own, HOME included. */
  readonly directory: string;
  /** Where the peers' packages are installed. */
  readonly packages: string;
  /** Our own code, bundled as it is shipped. */
  readonly bundle: string;
  /** Ours only: which store holds the tokens. */
  readonly tokenStore: "encrypted-file" | "keytar";
}

/** One signed-in account in one process. */
export interface Contender<Answer = unknown> {
  /** What a request calls. */
  ask(): Promise<Answer>;
  /** The token's text in what `ask` gave. */
  textOf(answer: Answer): string;
  /** Loads code and opens stores, so that what follows is the token's cost alone; the condition stays. */
  warm?(): Promise<void>;
  /** A model request through our hook, and the host's own without it. */
  request?: { readonly wrapped: () => Promise<unknown>; readonly bare: () => Promise<unknown> };
}

export const tokenOf = async ({ ask, textOf }: Contender): Promise<string> => textOf(await ask());

/** What each file in `contenders/` exports. They run in child processes only. */
export interface ContenderModule {
  /** Leaves a store behind that processes share. */
  prepare?(world: World, condition: Condition): Promise<void>;
  /** `shared`: on what `prepare` left behind; otherwise however this contender is fastest. */
  open(world: World, condition: Condition, shared: boolean): Promise<Contender>;
  /** One more account in this process, with a live token. What is returned is kept. */
  addAccount(world: World, index: number): Promise<unknown>;
}

/** Time left of a token that is due: inside 5 minutes, the window of every peer that has one. */
export const DUE_LEFT_MS = 4 * 60_000;
export const LIFE_MS = 60 * 60_000;

/** When a token in this condition ends, epoch ms. */
export function endOf(condition: Condition, now = Date.now()): number {
  return now + { fresh: LIFE_MS, due: DUE_LEFT_MS, expired: -LIFE_MS }[condition];
}

/** Imports one of the peers' packages. Nothing here has its types: the caller says what it uses of it. */
export async function importPeer<T>(world: World, name: string): Promise<T> {
  const { load } = await import(`${world.packages}/load.mjs`);
  return load(name);
}

export interface Seed {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** A new sign-in at the standard token endpoint; its first refresh answers with this life, s. */
export async function seed(
  world: World,
  first: { readonly lifeS?: number; readonly refreshInS?: number } = {},
): Promise<Seed> {
  const response = await fetch(`${world.serverUrl}/seed`, { method: "POST", body: JSON.stringify(first) });
  return (await response.json()) as Seed;
}
