import { proxySettings } from "../../../src/index.ts";
import { duration } from "../cli/output.ts";
import { type Finding, ok, problem, unchecked, warning } from "./finding.ts";
import type { DoctorInput } from "./input.ts";
import type { SignInKnown } from "./sign-in-checks.ts";

/** When this version was made; no clock is right that says earlier. */
const MADE_AT = Date.UTC(2026, 10, 1);
const TOLERATED_MS = 60_000;

/** Without the network only a clock that contradicts what is known can be found wrong. */
export function clock({ now }: DoctorInput, { state, stored }: SignInKnown): Finding[] {
  const check = "clock";
  const fix = "Set this machine's clock, or switch on its synchronisation.";
  if (now() < MADE_AT)
    return [problem(check, "clock_far_behind", "it says a time before this version was made", fix)];
  const times = [stored?.obtainedAt, stored?.signedInAt, ...(state?.outcomes ?? []).map(({ at }) => at)];
  const latest = Math.max(...times.filter((at) => at !== undefined));
  if (latest - now() > TOLERATED_MS) {
    return [
      problem(
        check,
        "clock_set_back",
        `it was ${duration(latest - now())} further on at the last sign-in or refresh`,
        fix,
      ),
    ];
  }
  return [unchecked(check, "it contradicts nothing; --online compares it with MiniMax's")];
}

export function proxy({ env }: DoctorInput): Finding[] {
  const check = "proxy";
  const { httpsProxy } = proxySettings(env);
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
    return [
      warning(
        check,
        "tls_check_off",
        "NODE_TLS_REJECT_UNAUTHORIZED=0 is set; this plugin checks certificates all the same, OpenClaw's model requests may not",
        "unset NODE_TLS_REJECT_UNAUTHORIZED, and name the authority's file in NODE_EXTRA_CA_CERTS",
      ),
    ];
  }
  if (httpsProxy === "") return [ok(check, "none is set")];
  // Without what may be a password.
  return [ok(check, `HTTPS_PROXY names ${new URL(httpsProxy).host}; whether it works shows with --online`)];
}

export function stateFile(
  { stateDirectory, env, exists, modeOf }: DoctorInput,
  known: SignInKnown & { readonly readable: boolean },
): Finding[] {
  const check = "state file";
  if (!known.readable) return [];
  if (!exists(stateDirectory)) return [unchecked(check, "there is none yet")];
  const mode = modeOf(stateDirectory);
  if (mode !== undefined && (mode & 0o077) !== 0) {
    return [
      problem(
        check,
        "state_open_to_others",
        "other users can look into its folder",
        `chmod 700 "${stateDirectory}"`,
      ),
    ];
  }
  const notice = known.state?.notices[0];
  if (notice !== undefined)
    return [
      warning(check, "state_set_aside", notice, "Nothing to do; the file that was set aside may be deleted."),
    ];
  const short = env.HOME && stateDirectory.startsWith(`${env.HOME}/`);
  return [ok(check, short ? `~${stateDirectory.slice(env.HOME?.length)}` : stateDirectory)];
}
