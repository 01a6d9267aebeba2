import { accountIn } from "../config/account.ts";
import { at, defaultModelIn, isObject } from "../config/patch.ts";
import { DEFAULT_MODEL_REF } from "../config/sign-in-patch.ts";
import { PLUGIN_ID, PORTAL_PROVIDER_ID } from "../names.ts";
import { type Finding, ok, problem, unchecked, warning } from "./finding.ts";
import type { DoctorInput } from "./input.ts";

const OLDEST_HOST = [2026, 9, 6] as const;
const LOGIN = "openclaw minimax-portal login";

export function hostVersion({ hostVersion: version }: DoctorInput): Finding[] {
  const check = "host version";
  const parts = /^(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? "")
    ?.slice(1)
    .map(Number);
  if (!parts) return [unchecked(check, "OpenClaw does not say its version")];
  const order =
    OLDEST_HOST.map((oldest, index) => (parts[index] ?? 0) - oldest).find((step) => step !== 0) ?? 0;
  const text = `OpenClaw ${version}`;
  if (order >= 0) return [ok(check, text)];
  return [problem(check, "host_too_old", `${text}; ${OLDEST_HOST.join(".")} is needed`, "openclaw update")];
}

/** A plugin from `plugins.load.paths` registers before the bundled one, and so serves the provider. */
export function pluginOrder({ config, rootDir, exists }: DoctorInput): Finding[] {
  const check = "plugin order";
  const key = at(config, "models", "providers", PORTAL_PROVIDER_ID, "apiKey");
  if (at(config, "plugins", "entries", PLUGIN_ID, "enabled") === false) {
    return [
      problem(
        check,
        "plugin_disabled",
        "the plugin is switched off in the config",
        `openclaw plugins enable ${PLUGIN_ID}`,
      ),
    ];
  }
  const paths = at(config, "plugins", "load", "paths");
  if (paths !== undefined && !Array.isArray(paths)) {
    return [
      problem(
        check,
        "load_paths_malformed",
        "plugins.load.paths is not a list",
        "openclaw config unset plugins.load.paths",
      ),
    ];
  }
  const listed = (paths ?? []) as unknown[];
  const gone = listed.filter(
    (path): path is string => typeof path === "string" && path.includes("minimax-keychain") && !exists(path),
  );
  const left = listed.filter((path) => path !== rootDir && !gone.includes(path as string));
  const inOrder = `openclaw config set plugins.load.paths '${JSON.stringify([...left, rootDir])}'`;
  // Who has not signed in yet has more to set up than this.
  const fix = accountIn(key) === undefined ? LOGIN : inOrder;
  if (gone.length > 0) {
    return [
      problem(
        check,
        "load_path_gone",
        `plugins.load.paths names a folder of ours that is not there: ${gone[0]}`,
        fix,
      ),
    ];
  }
  if (listed.includes(rootDir)) return [ok(check, "this plugin comes before the bundled one")];
  return [
    problem(
      check,
      "bundled_plugin_wins",
      "the bundled plugin serves minimax-portal: this one's folder is not in plugins.load.paths",
      fix,
    ),
  ];
}

export function provider({ config, account }: DoctorInput): Finding[] {
  const check = "provider entry";
  const entry = at(config, "models", "providers", PORTAL_PROVIDER_ID);
  if (entry === undefined)
    return [
      problem(check, "provider_missing", `the config has no models.providers.${PORTAL_PROVIDER_ID}`, LOGIN),
    ];
  const again = `openclaw config unset models.providers.${PORTAL_PROVIDER_ID}, then ${LOGIN}`;
  if (!isObject(entry))
    return [problem(check, "provider_malformed", "the provider in the config is no object", again)];
  if (entry.api !== "anthropic-messages") {
    return [problem(check, "provider_api_wrong", "the provider's `api` is not anthropic-messages", LOGIN)];
  }
  if (!Array.isArray(entry.models) || entry.models.length === 0) {
    return [problem(check, "provider_models_missing", "the provider lists no models", LOGIN)];
  }
  return [ok(check, "it stands in the config"), ...placeholder(entry.apiKey, account)];
}

const PLACEHOLDER = new RegExp(`^${PLUGIN_ID}:`);

function placeholder(apiKey: unknown, account: string): Finding[] {
  const check = "placeholder";
  if (apiKey === undefined || apiKey === "")
    return [problem(check, "placeholder_missing", "the provider has no placeholder for its key", LOGIN)];
  if (typeof apiKey !== "string" || !PLACEHOLDER.test(apiKey)) {
    return [
      problem(
        check,
        "placeholder_foreign",
        "the provider's key is somebody's own and not the placeholder: the sign-in is not used",
        LOGIN,
      ),
    ];
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(apiKey.replace(PLACEHOLDER, ""))) {
    return [problem(check, "placeholder_malformed", "the placeholder names no account", LOGIN)];
  }
  const named = apiKey.replace(PLACEHOLDER, "");
  if (named === account) return [ok(check, `it names the account "${account}"`)];
  return [
    warning(
      check,
      "placeholder_other_account",
      `requests use the account "${named}", not "${account}"`,
      `openclaw minimax-portal login --account ${account}`,
    ),
  ];
}

/** The default model's provider; somebody may sign in and go on with another one. */
export function defaultModel({ config }: DoctorInput): Finding[] {
  const check = "default model";
  const model = defaultModelIn(config);
  if (model === undefined)
    return [
      warning(
        check,
        "default_model_missing",
        "the config chooses no default model",
        `openclaw models set ${DEFAULT_MODEL_REF}`,
      ),
    ];
  return [ok(check, model)];
}
