import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Portal, type PortalOptions, startPortal } from "../../fixtures/portal/index.ts";
import {
  type Auth,
  createAuth,
  type EndpointOverrides,
  type PendingSignIn,
  type RegionId,
  type SignedIn,
  type WaitState,
} from "../../src/index.ts";
import type { Keychain } from "../../src/keychain/index.ts";
import { memoryKeychain } from "./memory-keychain.ts";

const PASSPHRASE = "a passphrase for a test";

export interface PortalScene {
  /** The state directory; also holds the encrypted file, where that is the store. */
  readonly directory: string;
  readonly portal: Portal;
  readonly keychain: Keychain;
  readonly auth: Auth;
  /** What was shown to the person. */
  readonly shown: PendingSignIn[];
  readonly waits: WaitState[];
  readonly endpoints: Required<EndpointOverrides>;
  /** The same person's plugin in another process, as far as memory goes, with other endpoints if given. */
  another(endpoints?: EndpointOverrides): Auth;
  /** Turns both this machine's clock and the portal's. */
  advance(ms: number): void;
  signIn(decide?: "approve" | "deny" | "nothing"): Promise<SignedIn>;
  refreshCalls(): number;
}

/**
 * The whole of `src` against the portal, without real waiting. The keychain is one in memory, which all
 * instances share.
 */
export async function portalScene(
  t: TestContext,
  settings: PortalOptions["settings"] = {},
  tokenStore: "auto" | "encrypted-file" = "auto",
): Promise<PortalScene> {
  let ahead = 0;
  const clock = {
    now: () => Date.now() + ahead,
    monotonic: () => Date.now() + ahead,
    sleep: async (ms: number, signal?: AbortSignal) => {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      ahead += ms;
    },
  };
  const portal = await startPortal({ clock, settings: { accessTokenLifeMs: 3_600_000, ...settings } });
  const directory = mkdtempSync(join(tmpdir(), "portal-scene-"));
  t.after(async () => {
    await portal.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const endpointsOf = (region: RegionId) => ({
    authorization: portal.regions[region].url,
    inference: `${portal.regions[region].url}/anthropic`,
  });
  const own = { global: endpointsOf("global"), cn: endpointsOf("cn") };
  const keychain = memoryKeychain();
  let instance = 0;
  const another = (endpoints: EndpointOverrides = own) =>
    createAuth({
      // Another spelling of the same folder keeps this instance's memory apart, as another process's is.
      stateDirectory: directory + "/.".repeat(instance++),
      keychainChild: "unused",
      env: { OPENCLAW_MINIMAX_KEYCHAIN_PASSPHRASE: PASSPHRASE },
      tokenStore,
      replaceStore: (store) => (store === keychain.store ? keychain : undefined),
      endpoints,
      clock,
    });
  const auth = another();
  const shown: PendingSignIn[] = [];
  const waits: WaitState[] = [];
  return {
    directory,
    portal,
    keychain,
    auth,
    shown,
    waits,
    endpoints: own,
    another,
    advance: (ms) => {
      ahead += ms;
    },
    signIn: (decide = "approve") =>
      auth.signIn({
        account: "default",
        region: "global",
        onWait: (wait) => void waits.push(wait),
        async show(pending) {
          shown.push(pending);
          if (decide !== "nothing") portal.regions.global[decide](pending.userCode);
        },
      }),
    refreshCalls: () => portal.record.tokenCalls.filter(({ grant }) => grant === "refresh_token").length,
  };
}
