import { checkBaseUrl } from "./base-url-check.ts";
import type { Engine } from "./engine.ts";
import type { Moved } from "./move.ts";
import type { DurableStore, PortalAuthOptions, SignInRequest } from "./options.ts";
import { systemClock } from "./safety/clock.ts";
import type { Credential } from "./tokens/credential.ts";
import type { AccountState } from "./tokens/ports.ts";
import { createSession, type Session, type SessionMemory } from "./tokens/session.ts";
import type { SignedIn } from "./tokens/sign-in.ts";

/** What a request needs; the refresh token never leaves the engine. */
export type LiveToken = Omit<Credential, "refreshToken">;

export interface PortalAuth {
  /** The device flow, from choosing a keychain to the stored credential. */
  signIn(request: SignInRequest): Promise<SignedIn>;
  /** A token that is valid now, see `tokens/session.ts`. */
  token(account: string): Promise<LiveToken>;
  /** The provider answered 401 to a request that carried this access token. */
  rejected(account: string, accessToken: string): void;
  /** What is known of the account without asking the keychain; undefined when nobody signed in. */
  status(account: string): Promise<AccountState | undefined>;
  /**
   * Removes the account's item from its keychain, and the account from the state.
   * @returns whether an item was deleted; false also for a keychain that is locked without saying so
   */
  signOut(account: string): Promise<boolean>;
  /**
   * Moves the account's sign-in to another store, without a new sign-in.
   * @throws AuthError; the sign-in then stays where it was
   */
  moveTo(account: string, store: DurableStore): Promise<Moved>;
}

/** The host evaluates a plugin's modules more than once in one process; they share one memory. */
const MEMORY = Symbol.for("openclaw-minimax-keychain/sessions/1");

function memoryOf(stateDirectory: string, account: string): SessionMemory {
  const holder = globalThis as { [MEMORY]?: Map<string, SessionMemory> };
  holder[MEMORY] ??= new Map();
  const key = `${stateDirectory}\0${account}`;
  const memory = holder[MEMORY].get(key) ?? {};
  holder[MEMORY].set(key, memory);
  return memory;
}

/**
 * Sign-in and live tokens. Cheap to create: what only a sign-in or refresh needs is loaded then.
 */
export function createPortalAuth(options: PortalAuthOptions): PortalAuth {
  const clock = options.clock ?? systemClock;
  const sessions = new Map<string, Session>();
  let loading: Promise<Engine> | undefined;
  const engine = () => {
    loading ??= import("./engine.ts").then(({ createEngine }) => createEngine({ ...options, clock }));
    // A failed load (an unwritable state directory, say) is tried again by the next call.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };

  const session = (account: string): Session => {
    const known = sessions.get(account);
    if (known) return known;
    const created = createSession({
      account,
      clock,
      memory: memoryOf(options.stateDirectory, account),
      store: { read: async (name) => (await engine()).read(name) },
      refresh: async (stale) => (await engine()).refresh(stale),
    });
    sessions.set(account, created);
    return created;
  };

  return {
    async signIn(request) {
      const signedIn = await (await engine()).signIn(request);
      const memory = memoryOf(options.stateDirectory, request.account);
      memory.credential = signedIn.credential;
      delete memory.rejected;
      return signedIn;
    },
    async token(account) {
      const credential = await session(account).token();
      checkBaseUrl(credential, options.endpoints);
      return credential;
    },
    rejected: (account, accessToken) => session(account).rejected(accessToken),
    moveTo: async (account, store) => (await engine()).moveTo(account, store),
    status: async (account) => (await engine()).status(account),
    async signOut(account) {
      const deleted = await (await engine()).signOut(account);
      delete memoryOf(options.stateDirectory, account).credential;
      return deleted;
    },
  };
}
