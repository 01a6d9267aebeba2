import type { TestContext } from "node:test";
import type { FaultKind } from "../../../fixtures/portal/index.ts";
import { AuthError } from "../../../src/base/error.ts";
import { Secret } from "../../../src/base/secret.ts";
import { failure, timedOut } from "../../../src/http/errors.ts";
import { generationId } from "../../../src/tokens/credential.ts";
import { refresh } from "../../../src/tokens/refresh.ts";
import { saveLater } from "../../../src/tokens/save.ts";
import { createSession } from "../../../src/tokens/session.ts";
import type { RefresherOptions } from "../../../src/tokens/types.ts";
import { portalScene } from "../../support/portal-scene.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { credential, gatewayMemory, HOUR, memoryState, memoryStore, NOW } from "./credentials.ts";

/** Somebody signed in just now, with a token for an hour, and a server that can be broken. */
export interface Outage {
  /** One request's token. */
  ask(): Promise<unknown>;
  /** Ends when nothing runs behind the requests. */
  settle(): Promise<void>;
  /** Time goes by, ms. */
  advance(ms: number): void;
  /** Epoch ms. */
  now(): number;
  begin(): void;
  end(): void;
  /** Refreshes tried so far. */
  attempts(): number;
  /** Refreshes that the server carried out. */
  refreshed(): number;
}

/** The whole of `src`, with a portal whose answers to a refresh are broken. */
export async function brokenAnswers(t: TestContext, fault: FaultKind): Promise<Outage> {
  const { auth, portal, advance, signIn, refreshCalls } = await portalScene(t);
  await signIn();
  const asked = () => portal.record.requests.filter(({ path }) => path === "/oauth2/token").length;
  const before = asked();
  return {
    ask: () => auth.token("default"),
    settle: () => auth.flush(),
    advance,
    now: portal.now,
    begin: () => portal.settings.faults.push({ ...fault, path: "/oauth2/token", grant: "refresh_token" }),
    end: () => portal.settings.faults.splice(0),
    attempts: () => asked() - before,
    refreshed: refreshCalls,
  };
}

const HOST = "account.minimax.io";
const because = (code: string) =>
  failure(HOST, new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) }));

/** What the HTTP client throws where no answer comes. */
export const WITHOUT_ANSWER = {
  dns: because("ENOTFOUND"),
  refused: because("ECONNREFUSED"),
  certificate: because("CERT_HAS_EXPIRED"),
  hang: timedOut(HOST, 15_000),
} as const;

/** Session and refresher over a server with strict rotation, from which no answer comes. */
export function withoutAnswer(error: AuthError): Outage {
  const clock = virtualClock(NOW);
  const held = credential();
  const store = memoryStore(held);
  const state = memoryState();
  state.put({ ...held, store: "keytar", generationId: generationId(held) });
  let [broken, attempts, refreshed] = [false, 0, 0];
  const options: RefresherOptions = {
    store,
    state,
    clock,
    lock: (_account, work) => work(new AbortController().signal),
    random: Math.random,
    check: () => {},
    process: { pid: 1, isAlive: () => true },
    async grant(from) {
      attempts++;
      if (error.code === "portal_timed_out" && broken) clock.advance(15_000);
      if (broken) throw error;
      if (from.generation !== refreshed + 1) throw new AuthError("grant_rejected", { what: "x", next: "y" });
      refreshed++;
      const name = refreshed + 1;
      return {
        accessToken: new Secret(`access-${name}`),
        refreshToken: new Secret(`refresh-${name}`),
        expiresAt: clock.now() + HOUR,
      };
    },
  };
  const session = createSession({
    account: "default",
    clock,
    random: Math.random,
    memory: gatewayMemory(),
    read: async () => store.item ?? held,
    refresh: (stale) => refresh(stale, options),
    saveLater: (unsaved) => saveLater(unsaved, options),
    changed: () => false,
  });
  return {
    ask: () => session.token(),
    settle: () => session.flush(),
    advance: clock.advance,
    now: clock.now,
    begin() {
      broken = true;
    },
    end() {
      broken = false;
    },
    attempts: () => attempts,
    refreshed: () => refreshed,
  };
}
