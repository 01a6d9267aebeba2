import {
  type AccountStatus,
  isAuthError,
  isStoreName,
  REGIONS,
  type RegionId,
  SIGN_IN_COMMAND,
  STORES,
  type StoredSignIn,
} from "../../../src/index.ts";
import { bar, duration, moment, type Output, wrap } from "../cli/output.ts";
import type { AccountReport } from "./account-report.ts";
import { planLines } from "./usage.ts";

type Paint = Pick<Output, "paint" | "columns">;

const LABEL = 11;

/** The status for a person, no wider than the place. */
export function statusLines(report: AccountReport, now: number, out: Paint): string[] {
  const { account, others, model, state, stored } = report;
  const title = `${out.paint("bold", "MiniMax")}, account "${account}"`;
  if (!state)
    return [`${title}: not signed in`, "", ...command("Sign in:", SIGN_IN_COMMAND), ...also(others)];
  const lines = [
    title,
    "",
    ...field("Signed in", signedInSince(state, stored, now), out),
    ...field("Endpoint", endpoint(state.region), out),
    ...field("Keychain", keychain(state, stored), out),
    ...(model ? field("Model", `${model} (default)`, out) : []),
    ...tokenFields(state, stored, now, out),
    ...field("Last", lastOutcomes(state, now), out),
    ...warnings(state, stored, now).flatMap((text) => warningLines(text, out)),
  ];
  return [...lines, ...plan(report, now, out), ...also(others)];
}

const also = (others: readonly string[]) =>
  others.length > 0 ? ["", `Other accounts (--account <name>): ${others.join(", ")}`] : [];

function command(label: string, line: string): string[] {
  return [`  ${label} ${line}`];
}

function field(label: string, text: string, { paint, columns }: Paint): string[] {
  const [first = "", ...rest] = wrap(text, columns - LABEL - 2);
  const indent = " ".repeat(LABEL + 2);
  return [`  ${paint("dim", label.padEnd(LABEL))}${first}`, ...rest.map((line) => indent + line)];
}

function warningLines(text: string, { paint, columns }: Paint): string[] {
  const [first = "", ...rest] = wrap(text, columns - 4);
  return [`  ${paint("yellow", "!")} ${first}`, ...rest.map((line) => `    ${line}`)];
}

function signedInSince(state: AccountStatus, stored: AccountReport["stored"], now: number): string {
  if (state.quarantined === state.generationId) return "no: MiniMax no longer accepts this sign-in";
  if (stored === undefined || isAuthError(stored)) return "yes; since when, the keychain does not say now";
  const { signedInAt } = stored;
  return `since ${moment(signedInAt, now)} (${duration(now - signedInAt)})`;
}

function endpoint(id: string): string {
  const region = REGIONS[id as RegionId];
  return region ? `${region.label} (${region.apiHost})` : id;
}

function keychain({ store }: AccountStatus, stored: AccountReport["stored"]): string {
  const name = isStoreName(store) ? STORES[store].label : store;
  return isAuthError(stored) ? `${name}: ${stored.text.what} [${stored.code}]` : name;
}

function tokenFields(
  state: AccountStatus,
  stored: AccountReport["stored"],
  now: number,
  out: Paint,
): string[] {
  if (state.quarantined === state.generationId) return [];
  const left = state.expiresAt - now;
  const life = stored === undefined || isAuthError(stored) ? undefined : stored;
  const measured = life?.expiresAt === state.expiresAt ? life.expiresAt - life.obtainedAt : undefined;
  const drawn = measured ? `${bar(left / measured, out)} ` : "";
  const text =
    left > 0
      ? `${duration(left)} left${measured ? ` of ${duration(wholeMinutes(measured))}` : ""}`
      : "expired";
  return [`  ${out.paint("dim", "Token".padEnd(LABEL))}${drawn}${text}`, ...refreshField(life, now, out)];
}

/** A life is a round figure, less the moment that the answer took. */
const wholeMinutes = (ms: number) => (ms < 120_000 ? ms : Math.round(ms / 60_000) * 60_000);

function refreshField(life: StoredSignIn | undefined, now: number, out: Paint): string[] {
  if (!life) return [];
  const { expiresAt, refreshDueAt } = life;
  const when =
    expiresAt <= now
      ? "with the next request"
      : refreshDueAt <= now
        ? "due; a running gateway does it by itself"
        : `by itself, from ${moment(refreshDueAt, now)} on (in ${duration(refreshDueAt - now)})`;
  return field("Refresh", when, out);
}

const OUTCOMES_SHOWN = 3;

function lastOutcomes({ outcomes }: AccountStatus, now: number): string {
  if (outcomes.length === 0) return "nothing recorded yet";
  return outcomes
    .slice(0, OUTCOMES_SHOWN)
    .map(({ at, code }) => `${code.replaceAll("_", " ")} ${moment(at, now)}`)
    .join(", ");
}

function warnings(state: AccountStatus, stored: AccountReport["stored"], now: number): string[] {
  const { quarantined, generationId, heldBy, unsaved, trouble, notices } = state;
  const found: string[] = [];
  if (quarantined === generationId) found.push(`Sign in again: ${SIGN_IN_COMMAND}`);
  if (unsaved) found.push(`The keychain could not save the newest tokens [${unsaved}]; they are in memory.`);
  if (heldBy !== undefined) {
    found.push(
      `The newest tokens are in the memory of process ${heldBy}: unlock the keychain, and it stores them.`,
    );
  }
  if (trouble) {
    const times = trouble.failures === 1 ? "once" : `${trouble.failures} times in a row`;
    const again =
      trouble.retryAt > now ? `asked again in ${duration(trouble.retryAt - now)}` : "asked again at need";
    found.push(
      `Refreshing failed ${times}, last ${moment(trouble.failedAt, now)} [${trouble.code}]; ${again}.`,
    );
  }
  if (isAuthError(stored) && stored.text.next) found.push(stored.text.next);
  return [...found, ...notices];
}

function plan(report: AccountReport, now: number, out: Paint): string[] {
  const { usage, stored } = report;
  if (usage === undefined) {
    const expired = stored !== undefined && !isAuthError(stored) && stored.expiresAt <= now;
    return expired
      ? field("Plan", "not asked, the token has expired: openclaw minimax-portal usage", out)
      : [];
  }
  if (isAuthError(usage)) return field("Plan", `unknown: ${usage.message}`, out);
  return ["", ...planLines(usage, now, out)];
}
