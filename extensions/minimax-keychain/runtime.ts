import { dirname, join } from "node:path";
import type { OpenClawPluginApi } from "openclaw/plugin-sdk/plugin-entry";
import {
  type Auth,
  CHILD_FILE,
  createAuth,
  type EndpointOverrides,
  type TokenStore,
  userStateDirectory,
} from "../../src/index.ts";
import type { PluginConfig } from "./plugin-config.ts";

/** What every hook of the plugin works with. */
export interface Runtime {
  readonly auth: Auth;
  /** The same for a sign-in into another store than the configured one. */
  readonly withStore: (store: TokenStore) => Auth;
  /** Checked by the host against the manifest's schema. */
  readonly config: PluginConfig;
  /** Where the plugin is installed. The code itself runs from a temporary copy of it. */
  readonly rootDir: string;
  /** OpenClaw's version, as it says; not to be asked while the plugin registers. */
  readonly hostVersion: () => string | undefined;
}

export function createRuntime(api: OpenClawPluginApi): Runtime {
  const config = (api.pluginConfig ?? {}) as PluginConfig;
  const rootDir = api.rootDir ?? dirname(api.source);
  const withStore = (tokenStore: TokenStore | undefined) =>
    createAuth({
      keychainChild: join(rootDir, "dist", CHILD_FILE),
      stateDirectory: userStateDirectory(process.env, process.platform),
      env: process.env,
      ...(tokenStore ? { tokenStore } : {}),
      ...(config.endpoints ? { endpoints: config.endpoints as EndpointOverrides } : {}),
    });
  return {
    auth: withStore(config.tokenStore),
    withStore,
    config,
    rootDir,
    hostVersion: () => api.runtime?.version,
  };
}
