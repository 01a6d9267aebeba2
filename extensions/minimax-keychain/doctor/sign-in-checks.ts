import {
  type AccountStatus,
  checkBaseUrl,
  type EndpointOverrides,
  isAuthError,
  quotable,
  REGIONS,
  type RegionId,
  SIGN_IN_COMMAND,
  type StoredSignIn,
} from "../../../src/index.ts";
import { duration } from "../cli/output.ts";
import { at } from "../config/patch.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";
import { parsePluginConfig } from "../plugin-config.ts";
import { type Finding, ok, problem, problemOf, unchecked, warning } from "./finding.ts";
import type { DoctorInput } from "./input.ts";

export interface SignInKnown {
  readonly state?: AccountStatus | undefined;
  readonly stored?: StoredSignIn | undefined;
}

export function pluginSettings({ pluginConfig }: DoctorInput): Finding[] {
  const check = "plugin settings";
  const { endpoints } = parsePluginConfig(pluginConfig);
  const unset = (name: string) => `openclaw config unset plugins.entries.minimax-keychain.config.${name}`;
  if (endpoints)
    return [
      warning(check, "endpoints_replaced", "other servers stand in MiniMax's place", unset("endpoints")),
    ];
  return [ok(check, "valid")];
}

/** The one keychain read of all checks, and what it tells. */
export async function keychain(
  { auth, account }: DoctorInput,
  state: AccountStatus | undefined,
): Promise<{ readonly findings: Finding[]; readonly stored?: StoredSignIn }> {
  const names = ["keychain", "sign-in"] as const;
  try {
    const stored = await auth.stored(account);
    const where = state?.store ?? "found in the keychain";
    return {
      stored,
      findings: [ok(names[0], `${where} answers`), ok(names[1], `account "${account}" is there`)],
    };
  } catch (error) {
    if (!isAuthError(error)) throw error;
    if (error.code === "sign_in_required") {
      const missing = problem(
        names[1],
        "not_signed_in",
        `nobody is signed in as "${account}"`,
        "openclaw minimax-portal login",
      );
      return { findings: [unchecked(names[0], "no sign-in says which one it is"), missing] };
    }
    const onItem = error.code === "keychain_item_missing" || error.code === "record_invalid";
    const findings = onItem
      ? [unchecked(names[0], "it answers, but may be locked"), problemOf(names[1], error)]
      : [problemOf(names[0], error), unchecked(names[1], "the keychain does not say")];
    return { findings };
  }
}

export function token({ now }: DoctorInput, { state, stored }: SignInKnown): Finding[] {
  const check = "token";
  if (state && state.quarantined === state.generationId) {
    return [problem(check, "sign_in_refused", "MiniMax no longer accepts this sign-in", SIGN_IN_COMMAND)];
  }
  if (state?.unsaved || state?.heldBy !== undefined) {
    return [
      problem(
        check,
        "tokens_unsaved",
        `the keychain could not save the newest tokens; process ${state.heldBy ?? process.pid} holds them in memory`,
        "Unlock the keychain; that process then stores them by itself.",
      ),
    ];
  }
  if (state?.trouble) {
    const { code, failures } = state.trouble;
    return [
      problem(
        check,
        "refresh_failing",
        `refreshing failed ${failures} time${failures === 1 ? "" : "s"} in a row [${code}]`,
        "openclaw minimax-portal refresh",
      ),
    ];
  }
  if (!stored) return [unchecked(check, "the sign-in could not be read")];
  const left = stored.expiresAt - now();
  if (left <= 0)
    return [
      warning(
        check,
        "token_expired",
        `expired ${duration(-left)} ago; the next request refreshes it`,
        "openclaw minimax-portal refresh",
      ),
    ];
  return [ok(check, `${duration(left)} left`)];
}

export function region(input: DoctorInput, { stored }: SignInKnown): Finding[] {
  const check = "endpoint";
  if (!stored) return [unchecked(check, "the sign-in could not be read")];
  const label = REGIONS[stored.region as RegionId]?.label ?? quotable(stored.region, 20);
  checkBaseUrl(stored, (at(input.pluginConfig, "endpoints") ?? {}) as EndpointOverrides);
  const wanted = at(input.pluginConfig, "region");
  if (wanted !== undefined && wanted !== stored.region) {
    return [
      warning(
        check,
        "region_differs",
        `signed in to ${label}, but the settings say "${quotable(String(wanted), 20)}"`,
        "openclaw minimax-portal login",
      ),
    ];
  }
  return [ok(check, `${label}, ${new URL(stored.baseUrl).host}`)];
}

export function baseUrl({ config }: DoctorInput, { stored }: SignInKnown): Finding[] {
  const check = "base URL";
  const given = at(config, "models", "providers", PORTAL_PROVIDER_ID, "baseUrl");
  if (given === undefined) return [unchecked(check, "the config has no provider entry with one")];
  const fix = "openclaw minimax-portal login";
  if (typeof given !== "string" || !URL.canParse(given))
    return [problem(check, "base_url_malformed", "the provider's baseUrl is no URL", fix)];
  if (!stored) return [unchecked(check, "the sign-in could not be read")];
  if (given.replace(/\/+$/, "") === stored.baseUrl) return [ok(check, given)];
  const other = Object.values(REGIONS).find(
    ({ endpoints }) => new URL(endpoints.inference).host === new URL(given).host,
  );
  const code = other && other.id !== stored.region ? "base_url_other_region" : "base_url_differs";
  // A turn goes where the token belongs, whatever stands there.
  const text = `the config says ${quotable(given, 60)}, but turns go to the sign-in's ${stored.baseUrl}`;
  return [warning(check, code, text, fix)];
}
