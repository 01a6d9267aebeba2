import { reveal } from "../base/secret.ts";
import { type Patience, within } from "../base/waiting.ts";
import type { Credential } from "./credential.ts";
import { freshnessIn } from "./lifetime.ts";
import { notSignedIn } from "./messages.ts";
import { type Flight, forget, type LiveToken } from "./session-memory.ts";
import { createFlights, type FlightOptions, LOOK_AGAIN_MS } from "./single-flight.ts";

export interface SessionOptions extends FlightOptions {
  readonly account: string;
  /** Whether another process may have stored another generation than this one; cheap. */
  readonly changed: (known: Credential) => boolean;
}

/** One account's live token (design, "A token, now"). */
export interface Session {
  /**
   * A token that is valid now. At once while one is in memory; an expired one is refreshed before it, and a
   * due one behind the caller, where `keepFresh` runs: a process that may end at any moment would end a
   * refresh that nobody waits for, and with it the sign-in.
   * @throws AuthError `sign_in_required`, `token_rejected`, `token_timed_out`, or why the keychain or MiniMax
   * could not be asked
   */
  token(patience?: Patience): Promise<LiveToken>;
  /** The provider answered 401 to a request that carried this access token. */
  rejected(accessToken: string): void;
  /** Puts a new sign-in's credential in the place of everything known. */
  replace(credential: Credential): void;
  /** Tries once more to store what the keychain refused, if there is anything. @throws AuthError */
  flush(): Promise<void>;
}

/** How often to look whether another process changed something, ms. */
const LOOK_EVERY_MS = 250;

/** What is in the keychain, what comes of refreshing it, and what changed meanwhile. */
const ROUNDS = 4;

export function createSession(options: SessionOptions): Session {
  const { account, clock, memory } = options;
  const { serving } = memory;
  const { load, renew, saveAgain, publish } = createFlights(options);

  /** What has to land before a token can be served; undefined when one can be served now. */
  const needed = (): Flight | undefined => {
    const { credential, life } = memory;
    if (!credential || !life) return load();
    const monotonic = clock.monotonic();
    lookAround(credential, monotonic);
    const reload = memory.reloadAt !== undefined && monotonic >= memory.reloadAt ? load() : undefined;
    const freshness = freshnessIn(life, clock);
    if (memory.rejected || freshness === "expired") {
      if (!memory.blocked) return memory.flight ?? renew(credential, true);
      if (reload) return reload;
      if (monotonic < memory.blocked.lookAt) throw memory.blocked.error;
      memory.blocked = { ...memory.blocked, lookAt: monotonic + LOOK_AGAIN_MS };
      return load();
    }
    if (memory.refused) {
      if (reload) return reload;
      if (monotonic < memory.refused.until) throw memory.refused.error;
      delete memory.refused;
    }
    if (memory.unsaved && monotonic >= memory.unsaved.retryAt) saveAgain(credential);
    const mayRenew = memory.keepers > 0 && !memory.blocked && monotonic >= (memory.trouble?.retryAt ?? 0);
    if (freshness === "due" && mayRenew) renew(credential, false);
    return undefined;
  };

  const lookAround = (credential: Credential, monotonic: number) => {
    if (monotonic < memory.lookAt) return;
    memory.lookAt = monotonic + LOOK_EVERY_MS;
    if (options.changed(credential)) memory.reloadAt = monotonic;
  };

  const beQuiet = () => {
    const { life } = memory;
    if (!life || memory.rejected) return;
    const now = clock.now();
    const quietMs = Math.min(LOOK_EVERY_MS, life.endWall - now, life.endMonotonic - clock.monotonic());
    serving.quietFrom = now;
    serving.quietUntil = now + quietMs;
  };

  const settle = async (): Promise<LiveToken> => {
    for (let round = 0; round < ROUNDS; round++) {
      const flight = needed();
      if (!flight) {
        beQuiet();
        break;
      }
      await flight.landed;
      if (flight.final) break;
    }
    if (!serving.live) throw notSignedIn(account);
    return serving.live;
  };

  return {
    token(patience) {
      const { live } = serving;
      // One reading of one clock. A wall clock that was set leaves the interval, and so does a suspend.
      if (live !== undefined) {
        const now = clock.now();
        if (now >= serving.quietFrom && now < serving.quietUntil) return live;
      }
      return patience ? within(settle(), patience, clock) : settle();
    },
    rejected(accessToken) {
      const known = memory.credential;
      if (!known || reveal(known.accessToken) !== accessToken) return;
      memory.rejected = known;
      serving.quietUntil = 0;
    },
    replace(credential) {
      forget(memory);
      publish(credential);
    },
    async flush() {
      await memory.flight?.landed.catch(() => {});
      if (memory.unsaved && memory.credential) await saveAgain(memory.credential).landed;
    },
  };
}
