import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePluginConfig } from "../../extensions/minimax-keychain/plugin-config.ts";
import { Secret } from "../../src/base/secret.ts";
import type { Http } from "../../src/http/http.ts";
import { translateDialect } from "../../src/minimax/dialect/dialect.ts";
import { createOAuthClient } from "../../src/oauth/client.ts";
import { openStateFile } from "../../src/state/state.ts";
import { decodeRecord, encodeRecord } from "../../src/tokens/credential-store.ts";
import { credential } from "../src/tokens/credentials.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import type { Random } from "./mutate.ts";

/** What is fed with inputs. It may throw an AuthError and nothing else. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(input: Buffer, random: Random): unknown;
  end(): void;
}

/** Stands for every token in the seeds. */
export const SECRET = "S3cretS3cretS3cretS3cretS3cretS3cret";

const json = (...values: object[]) => values.map((value) => Buffer.from(JSON.stringify(value)));

function responses(): Target {
  const clock = virtualClock();
  const url = "https://account.minimax.io";
  const server = {
    issuer: url,
    deviceAuthorizationEndpoint: `${url}/oauth2/device/code`,
    tokenEndpoint: `${url}/oauth2/token`,
    revocationEndpoint: `${url}/oauth2/revoke`,
    clientId: "c",
    scope: "a b",
  };
  const statuses = [200, 200, 200, 200, 400, 401, 404, 429, 500, 503];
  const code = { user_code: "AB-12", verification_uri: "https://platform.minimax.io/x", state: "s" };
  const success = { access_token: SECRET, refresh_token: SECRET, scope: "a" };
  return {
    name: "response parsers",
    seeds: json(
      { ...code, expired_in: clock.now() + 600_000, interval: 3_000 },
      { ...code, device_code: SECRET, expires_in: 600, interval: 5 },
      { status: "success", ...success, expired_in: 3_600, resource_url: "https://api.minimax.io" },
      { ...success, token_type: "Bearer", expires_in: 3_600 },
      { status: "pending" },
      { status: "error", base_resp: { status_code: 1_004, status_msg: `denied ${SECRET}` } },
      { error: "invalid_grant", error_description: SECRET },
      { error: "slow_down" },
    ),
    async run(input, random) {
      const status = statuses[random(statuses.length)] ?? 200;
      const http: Http = async (_url, init) => {
        // The echo of our `state`, which no fuzzer guesses.
        const state = new URLSearchParams(init.body as URLSearchParams).get("state");
        const text = state
          ? Buffer.from(input.toString("latin1").replace('"s"', `"${state}"`), "latin1")
          : input;
        const headers = { "content-type": "application/json", "retry-after": "1" };
        return new Response(new Uint8Array(text), { status, headers });
      };
      const dialect = translateDialect(http, { clock, configuredOrigins: [], requestId: randomUUID });
      const oauth = createOAuthClient({ server, clock, http: random(3) === 0 ? http : dialect });
      const token = new Secret(SECRET);
      switch (random(7)) {
        case 0:
        case 1:
          return oauth.authorizeDevice();
        case 2:
          return oauth.waitForTokens({
            userCode: "AB-12",
            verificationUri: url,
            expiresAt: clock.now() + 2_500,
            intervalMs: 1_000,
            deviceCode: token,
            codeVerifier: token,
          });
        case 3:
          return oauth.revoke(token);
        default:
          return oauth.refresh(token);
      }
    },
    end() {},
  };
}

function record(): Target {
  const text = encodeRecord({ ...credential(), scope: "a b", issuer: "https://account.minimax.io" });
  const seed = Buffer.from(text.replaceAll(/(access|refresh)-1/g, SECRET));
  return {
    name: "keychain record",
    seeds: [seed],
    run: (input) => decodeRecord(input.toString(), "default"),
    end() {},
  };
}

function stateFile(): Target {
  // In memory where there is such a folder: it is the parser that is tried, not the disk.
  const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const directory = mkdtempSync(join(parent, "fuzz-state-"));
  const path = join(directory, "state.sqlite");
  const row = { store: "keytar", region: "cn", generationId: "g1", expiresAt: 1_800_000_000_000 };
  const made = openStateFile(directory);
  made.put({ account: "default", ...row });
  made.put({ account: "work", ...row });
  made.setIntent("work", "g1");
  made.close();
  const seed = readFileSync(path);
  return {
    name: "state file",
    seeds: [seed],
    run(input) {
      // SQLite must not find a journal of the input before.
      for (const ending of ["-wal", "-shm", "-journal"]) rmSync(path + ending, { force: true });
      writeFileSync(path, input);
      const state = openStateFile(directory);
      try {
        state.get("default");
        state.setIntent("default", "g2");
        state.put({ account: "default", ...row });
        state.quarantine("work", "g1", { at: 1, code: "grant_rejected", durationMs: 1 });
        state.get("work");
        state.delete("default");
      } finally {
        state.close();
        // What was damaged is set aside, under a name with the time.
        for (const name of readdirSync(directory)) {
          if (name.includes("set-aside")) rmSync(join(directory, name));
        }
      }
    },
    end: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function pluginConfig(): Target {
  const endpoints = { authorization: "https://a.example", inference: "https://b.example/anthropic" };
  return {
    name: "plugin config",
    seeds: json(
      { region: "cn", account: "work", tokenStore: "auto", endpoints: { global: endpoints, cn: endpoints } },
      { region: SECRET, account: SECRET, tokenStore: SECRET },
      { [SECRET]: SECRET, endpoints: { global: SECRET, [SECRET]: 1 } },
    ),
    run(input) {
      const text = input.toString();
      let value: unknown = text;
      try {
        value = JSON.parse(text);
      } catch {}
      return parsePluginConfig(value);
    },
    end() {},
  };
}

export const TARGETS: readonly (() => Target)[] = [responses, record, stateFile, pluginConfig];
