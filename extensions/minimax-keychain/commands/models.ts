import type { OpenClawConfig } from "openclaw/plugin-sdk/plugin-entry";
import { MODELS } from "../../../src/index.ts";
import { type CommandContext, EXIT, printJson } from "../cli/command.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";

export interface ListedModel {
  /** As it must be typed. */
  readonly ref: string;
  readonly alias: string | undefined;
  readonly isDefault: boolean;
  /** Tokens. */
  readonly contextWindow: number;
  readonly input: readonly string[];
  /** Whether it stands in the config; only such a model can be used. */
  readonly configured: boolean;
}

/** The plan's models as this config has them, and what else the config lists under our provider. */
export function listModels(config: OpenClawConfig): ListedModel[] {
  const provider = config.models?.providers?.[PORTAL_PROVIDER_ID];
  const configured = new Map((provider?.models ?? []).map((model) => [model.id, model]));
  const { model: chosen, models: settings = {} } = config.agents?.defaults ?? {};
  const primary = typeof chosen === "string" ? chosen : chosen?.primary;
  const ids = new Set([...MODELS.map(({ id }) => id), ...configured.keys()]);
  return [...ids].map((id) => {
    const ref = `${PORTAL_PROVIDER_ID}/${id}`;
    const { contextWindow = 0, input = ["text"] } =
      MODELS.find((model) => model.id === id) ?? configured.get(id) ?? {};
    return {
      ref,
      alias: settings[ref]?.alias,
      isDefault: primary === ref,
      contextWindow,
      input,
      configured: configured.has(id),
    };
  });
}

/** @returns the exit code: 0 */
export async function models({ config, json, out }: CommandContext): Promise<number> {
  const listed = listModels(config);
  if (json) {
    printJson(out, { models: listed });
    return EXIT.done;
  }
  const width = (texts: string[]) => Math.max(...texts.map((text) => text.length)) + 2;
  const refWidth = width(["Model", ...listed.map(({ ref }) => ref)]);
  const aliasWidth = width(["Alias", ...listed.map(({ alias }) => alias ?? "-")]);
  const row = (ref: string, alias: string, context: string) =>
    `  ${ref.padEnd(refWidth)}${alias.padEnd(aliasWidth)}${context.padStart(7)}`;
  out.log(out.paint("dim", row("Model", "Alias", "Context")));
  for (const { ref, alias, contextWindow, isDefault, configured } of listed) {
    const line = row(ref, alias ?? "-", contextWindow ? `${Math.round(contextWindow / 1000)} k` : "?");
    const note = isDefault
      ? out.paint("green", "  default")
      : configured
        ? ""
        : out.paint("dim", "  not set up");
    out.log(line + note);
  }
  out.log("");
  out.log("Type the ids as they stand here: MiniMax tells upper case from lower case.");
  out.log(`Choose one with: openclaw models set <model or alias>`);
  return EXIT.done;
}
