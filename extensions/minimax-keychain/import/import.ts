import {
  AuthError,
  type EndpointOverrides,
  isAuthError,
  quotable,
  REGIONS,
  type RegionId,
  SIGN_IN_COMMAND,
} from "../../../src/index.ts";
import { type CommandContext, type CommonOptions, EXIT, printJson } from "../cli/command.ts";
import { authoredConfig, changeConfig } from "../config/host-config.ts";
import { assertWritable } from "../config/includes.ts";
import { configAfterLogin, configPatch } from "../config/sign-in-patch.ts";
import { withoutCoreProfiles } from "../config/sign-out-patch.ts";
import { parseRegionArgument } from "../sign-in/region.ts";
import { coreSource } from "./core-source.ts";
import { minimaxCliSource, mmxSource } from "./file-sources.ts";
import type { FoundLogin, PlaceId, PlainLoginSource } from "./sources.ts";

export interface ImportOptions extends CommonOptions {
  readonly from?: string;
  readonly region?: string;
  readonly discard?: boolean;
}

export function allSources({
  config,
  runtime,
}: Pick<CommandContext, "config" | "runtime">): PlainLoginSource[] {
  const overrides = (runtime.config.endpoints ?? {}) as EndpointOverrides;
  return [coreSource(config, overrides), mmxSource(process.env), minimaxCliSource(process.env)];
}

/** OpenClaw's config file, as the host reads and writes it. */
export interface HostConfig {
  readonly authored: typeof authoredConfig;
  readonly change: typeof changeConfig;
}

/**
 * Takes over a login that another program keeps in plain text: into the keychain, proven by a refresh, and
 * only then out of its place. @returns the exit code: 0 done, 1 the old copy could not be deleted
 */
export async function importLogin(
  context: CommandContext,
  options: ImportOptions,
  sources = allSources(context),
  host: HostConfig = { authored: authoredConfig, change: changeConfig },
): Promise<number> {
  const { account, auth, config, json, out, runtime } = context;
  const found = await findIn(chosen(sources, options.from));
  if (options.discard) return discard(found, context, host);
  const [first] = found.filter(({ login }) => login !== undefined);
  if (!first?.login) throw found[0] ? malformed(found[0]) : missing();
  const region = regionFor(first, options.region);
  const { rootDir } = runtime;
  const usual = { config, rootDir, account, baseUrl: REGIONS[region].endpoints.inference };
  // Asked before: the refresh that proves the login also ends the copy in its old place.
  const again = `openclaw minimax-portal import --from ${first.from}`;
  assertWritable(await host.authored(), config, configPatch(usual), again);
  const { baseUrl, expiresAt } = await auth.takeOver(account, region, first.login);
  const leftover = await removed(first);
  const configChanged = await completed(host, (current) =>
    configAfterLogin({ config: withoutCoreProfiles(current), rootDir, account, baseUrl }),
  );
  if (json) printJson(out, { account, region, from: first.place, expiresAt, configChanged, leftover });
  else {
    out.log(
      `The login of ${first.place} is now in the keychain, as account "${account}" (${REGIONS[region].label}).`,
    );
    out.log("It was proven by a refresh, which ended the copy in plain text.");
    for (const from of new Set(found.filter((each) => each !== first).map((each) => each.from))) {
      out.log(`Another one was found. To delete it: ${discardFrom(from)}`);
    }
  }
  if (leftover !== undefined) {
    out.error(`The old copy could not be deleted (${leftover}). Delete it: ${discardFrom(first.from)}`);
    return EXIT.failed;
  }
  return EXIT.done;
}

const discardFrom = (from: PlaceId) => `openclaw minimax-portal import --from ${from} --discard`;

/** By now the login is here and nowhere else: to import it once more would find nothing. */
async function completed({ change }: HostConfig, work: Parameters<typeof changeConfig>[0]): Promise<boolean> {
  try {
    return await change(work);
  } catch (error) {
    if (!isAuthError(error, "config_not_written")) throw error;
    throw new AuthError(error.code, {
      ...error.text,
      kept: "The login was taken over, and its tokens are in the keychain.",
      next: "Repair the config with `openclaw doctor`, then have requests use it: `openclaw minimax-portal preset oauth`.",
    });
  }
}

async function discard(
  found: readonly FoundLogin[],
  { json, out }: CommandContext,
  { change }: HostConfig,
): Promise<number> {
  const places = [...new Set(found.map(({ from }) => from))];
  if (places.length > 1) throw severalPlaces(places);
  const results: { place: string; error?: string }[] = [];
  for (const each of found) {
    const error = await removed(each);
    results.push({ place: each.place, ...(error === undefined ? {} : { error }) });
  }
  if (results.some(({ error }) => error === undefined)) await change(withoutCoreProfiles);
  if (json) printJson(out, { discarded: results });
  else if (results.length === 0) out.log("No MiniMax login was found in plain text.");
  for (const { place, error } of json ? [] : results) {
    out.log(error === undefined ? `Deleted: ${place}` : `Not deleted: ${place} (${error})`);
  }
  return results.every(({ error }) => error === undefined) ? EXIT.done : EXIT.failed;
}

/** @returns why it is still in its place, if so */
async function removed({ remove }: FoundLogin): Promise<string | undefined> {
  try {
    await remove();
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return code ?? quotable(message ?? "unknown error", 80);
  }
}

/** Each is the sign-in of another program, which ends with it. */
function severalPlaces(places: readonly PlaceId[]): AuthError {
  return new AuthError("usage_wrong", {
    what: `There are logins of several programs: ${places.join(", ")}.`,
    kept: "Nothing was deleted.",
    next: `Say whose is to be deleted: ${places.map((from) => `\`${discardFrom(from)}\``).join(", ")}.`,
  });
}

function chosen(sources: readonly PlainLoginSource[], from: string | undefined) {
  if (from === undefined) return sources;
  const named = sources.filter(({ id }) => id === from);
  if (named.length > 0) return named;
  throw new AuthError("usage_wrong", {
    what: `There is no place "${quotable(from, 40)}" to import from.`,
    kept: "Nothing was changed.",
    next: `Choose one of: ${sources.map(({ id }) => `--from ${id}`).join(", ")}.`,
  });
}

async function findIn(sources: readonly PlainLoginSource[]): Promise<FoundLogin[]> {
  const found: FoundLogin[] = [];
  for (const { find, label, id } of sources) {
    const logins = await find();
    if (logins === "unreadable") {
      if (sources.length > 1) continue;
      throw new AuthError("login_malformed", {
        what: `The login that ${label} keeps cannot be read.`,
        kept: "It was left as it is.",
        next: `Repair or delete it, or sign in again: \`${SIGN_IN_COMMAND}\` (looked for: ${id}).`,
      });
    }
    found.push(...logins);
  }
  return found;
}

function regionFor({ region }: FoundLogin, typed: string | undefined): RegionId {
  if (typed !== undefined) return parseRegionArgument(typed, "--region");
  if (region !== undefined) return region;
  throw new AuthError("region_unknown", {
    what: "The login does not say which endpoint it is of.",
    kept: "Nothing was changed.",
    next: "Say it with `--region global` (api.minimax.io) or `--region cn` (api.minimaxi.com).",
  });
}

function malformed({ place, from }: FoundLogin): AuthError {
  return new AuthError("login_malformed", {
    what: `The login in ${place} is not complete.`,
    kept: "It was left as it is.",
    next: `Sign in anew: \`${SIGN_IN_COMMAND}\`, then delete it: \`${discardFrom(from)}\`.`,
  });
}

function missing(): AuthError {
  return new AuthError("login_missing", {
    what: "No MiniMax login was found in plain text, neither OpenClaw's own nor mmx-cli's.",
    kept: "Nothing was changed.",
    next: `Sign in: \`${SIGN_IN_COMMAND}\`.`,
  });
}
