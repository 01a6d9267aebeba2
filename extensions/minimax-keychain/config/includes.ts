import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { AuthError, SIGN_IN_COMMAND } from "../../../src/index.ts";
import { isObject, type Patch } from "./patch.ts";
import { PATCHED_PATHS } from "./sign-in-patch.ts";

/**
 * Refuses to sign in where the host would refuse to write the result: it never writes into a part of
 * the config that comes from another file (`$include`), and finds that out only after the sign-in.
 * @param authored the config file's own content, before includes are resolved
 * @param config the same with includes resolved; a config that already has everything is let pass
 * @param again the command to run after the paste
 * @throws AuthError `config_include` with the snippet to paste; `config_invalid` when it is no object
 */
export function assertWritable(
  authored: unknown,
  config: OpenClawConfig,
  snippet: OpenClawConfig,
  again: string = SIGN_IN_COMMAND,
  env: NodeJS.ProcessEnv = process.env,
): void {
  if (isReadOnly(env) && !contains(config, snippet))
    throw managedElsewhere(missingFrom(config, snippet), again);
  if (authored === undefined || authored === null) return;
  if (typeof authored !== "object" || Array.isArray(authored)) throw notAnObject();
  const included = PATCHED_PATHS.map((path) => includeOn(authored, path)).find((path) => path !== undefined);
  if (included === undefined || contains(config, snippet)) return;
  throw new AuthError("config_include", {
    what: `OpenClaw cannot write to \`${included || "the config"}\`, because it comes from another file ($include).`,
    kept: "Nothing was changed, and the sign-in was not started.",
    next: `Add this to that file, or remove the $include, then run \`${again}\` again:\n\n${shown(missingFrom(config, snippet))}`,
  });
}

/** The switches by which the host refuses to write its config: set from outside, or Nix's (its docs, "Nix"). */
const isReadOnly = (env: NodeJS.ProcessEnv) =>
  env.OPENCLAW_CONFIG_READONLY === "1" || env.OPENCLAW_NIX_MODE === "1";

function managedElsewhere(missing: object, again: string): AuthError {
  return new AuthError("config_not_written", {
    what: "OpenClaw's config is managed from outside (OPENCLAW_CONFIG_READONLY or Nix), and may not be written.",
    kept: "Nothing was changed, and the sign-in was not started.",
    next: `Put this into the config's source and apply that, then run \`${again}\` again:\n\n${shown(missing)}`,
  });
}

const shown = (snippet: object) => `${JSON.stringify(snippet, null, 2)}\n\n`;

/** The path of the `$include` that owns `path`, dotted; "" is the whole file. */
export function includeOn(root: object, path: readonly string[]): string | undefined {
  let node: unknown = root;
  for (let depth = 0; depth <= path.length; depth++) {
    if (typeof node !== "object" || node === null) return undefined;
    if ("$include" in node) return path.slice(0, depth).join(".");
    node = (node as Record<string, unknown>)[path[depth] ?? ""];
  }
  return undefined;
}

/** Whether every leaf of `part` already stands in `whole`. */
export function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return whole === part;
  if (typeof whole !== "object" || whole === null) return false;
  return Object.entries(part).every(([key, value]) =>
    contains((whole as Record<string, unknown>)[key], value),
  );
}

/** The part of `wanted` that is not there yet: what stands there may be a secret and need not be shown. */
export function missingFrom(whole: unknown, wanted: object): Patch {
  const there = isObject(whole) ? whole : {};
  const missing = Object.entries(wanted)
    .filter(([name, value]) => !contains(there[name], value))
    .map(([name, value]) => [
      name,
      isObject(value) && isObject(there[name]) ? missingFrom(there[name], value) : value,
    ]);
  return Object.fromEntries(missing);
}

/** The file's own content, and in the place of each `$include` what the host found there. */
export function withIncludes(authored: unknown, resolved: unknown): unknown {
  if (!isObject(authored)) return authored;
  if ("$include" in authored) return resolved;
  if (!isObject(resolved)) return authored;
  const filled = Object.entries(authored).map(([name, value]) => [name, withIncludes(value, resolved[name])]);
  return Object.fromEntries(filled);
}

function notAnObject(): AuthError {
  return new AuthError("config_invalid", {
    what: "OpenClaw's config file does not hold an object.",
    kept: "Nothing was changed, and the sign-in was not started.",
    next: "Repair it first: `openclaw doctor`.",
  });
}
