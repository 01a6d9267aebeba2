import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Portal } from "../../fixtures/portal/index.ts";
import { createSignInServer } from "../../src/accounts/sign-in-server.ts";
import { systemClock } from "../../src/base/clock.ts";
import { reveal } from "../../src/base/secret.ts";
import { createHttp } from "../../src/http/http.ts";
import { openStateFile } from "../../src/state/state.ts";
import { type Credential, generationId } from "../../src/tokens/credential.ts";
import { decodeRecord, encodeRecord } from "../../src/tokens/credential-store.ts";
import type { Programs } from "./programs.ts";
import type { Ended, Report, Task } from "./task.ts";

const HOUR = 3_600_000;

/** One person's machine: a state directory and a keychain. */
export interface Scene {
  /** Runs a process to its end. @returns its last words */
  run(task: Pick<Task, "work" | "dieAt">): Promise<Report>;
  /** Uses a token in a process that comes later. */
  survive(): Promise<Ended>;
  /** Whether the stored sign-in is one that the portal would still refresh; undefined when there is none. */
  isKept(): boolean | undefined;
  /** Whether other processes know that the sign-in has ended. */
  isQuarantined(): boolean;
  /** Refresh tokens spent, and spent ones presented again, by all processes. */
  calls(): { readonly refreshed: number; readonly reused: number };
  remove(): void;
}

export interface SceneOptions {
  readonly portal: Portal;
  readonly programs: Programs;
  /** What is left of the stored token's life, ms; undefined: nobody has signed in. */
  readonly leftMs: number | undefined;
  /** Its writes take as long as a real one's, and go on when the process that asked has died. */
  readonly slowKeychain: boolean;
}

export async function openScene({ portal, programs, leftMs, slowKeychain }: SceneOptions): Promise<Scene> {
  const directory = mkdtempSync(join(tmpdir(), "chaos-"));
  const keychain = join(directory, "keychain.sh");
  const item = join(directory, "item-default");
  const { url } = portal.regions.global;
  copyFileSync(join(import.meta.dirname, "keychain.sh"), keychain);
  if (slowKeychain) writeFileSync(join(directory, "slow"), "");
  const families = new Set<number>();
  if (leftMs !== undefined) {
    const credential = await issue(url, leftMs);
    // Without its quotes, as keychain.sh keeps it.
    writeFileSync(item, `${JSON.stringify(encodeRecord(credential)).slice(1, -1)}\n`);
    const state = openStateFile(directory);
    const { account, region, expiresAt } = credential;
    state.put({ account, region, expiresAt, store: "keytar", generationId: generationId(credential) });
    state.close();
    families.add(placeOf(portal, credential).family);
  }
  const stored = () =>
    existsSync(item)
      ? decodeRecord(JSON.parse(`"${readFileSync(item, "utf8").trimEnd()}"`), "default")
      : undefined;
  const refreshes = () => portal.record.tokenCalls.filter(({ grant }) => grant === "refresh_token");

  return {
    run: (task) => programs.run({ ...task, directory, keychain, portal: url }),
    survive: () => programs.survive({ work: "use a token", dieAt: 0, directory, keychain, portal: url }),
    isKept() {
      const credential = stored();
      if (!credential) return undefined;
      const { family, generation } = placeOf(portal, credential);
      return !refreshes().some(
        (call) => call.family === family && (call.reuse || call.generation === generation),
      );
    },
    isQuarantined() {
      const state = openStateFile(directory);
      const row = state.get("default");
      state.close();
      return row?.quarantined !== undefined;
    },
    calls() {
      const ours = refreshes().filter(({ family }) => families.has(family ?? 0));
      return {
        refreshed: ours.filter(({ outcome }) => outcome === "success").length,
        reused: ours.filter(({ reuse }) => reuse).length,
      };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A sign-in as it is some time later. */
async function issue(url: string, leftMs: number): Promise<Credential> {
  const endpoints = { global: { authorization: url, inference: `${url}/anthropic` } };
  const portal = createSignInServer({
    http: createHttp({ env: {} }),
    endpoints,
    clock: { ...systemClock, sleep: async () => {} },
  });
  const tokens = await (await portal.begin("global")).wait(() => {});
  if (!tokens.refreshToken) throw new Error("The portal issued no refresh token.");
  const now = Date.now();
  return {
    account: "default",
    region: "global",
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: now + leftMs,
    obtainedAt: now + leftMs - HOUR,
    signedInAt: now + leftMs - HOUR,
    ...(tokens.issuer === undefined ? {} : { issuer: tokens.issuer }),
    baseUrl: tokens.baseUrl ?? portal.baseUrl("global"),
    generation: 1,
  };
}

function placeOf({ record }: Portal, { refreshToken }: Credential) {
  const issued = record.issuedTokens.findLast(({ value }) => value === reveal(refreshToken));
  if (!issued) throw new Error("The keychain holds a token that the portal never issued.");
  return issued;
}
