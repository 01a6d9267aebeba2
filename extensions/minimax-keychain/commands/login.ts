import { REGIONS, type RegionId, STORE_NAMES } from "../../../src/index.ts";
import { ask } from "../cli/ask.ts";
import { type CommandContext, type CommonOptions, EXIT, parseStore, printJson } from "../cli/command.ts";
import { changeConfig } from "../config/host-config.ts";
import { configAfterLogin } from "../config/sign-in-patch.ts";
import { openBrowser } from "../sign-in/browser.ts";
import { signInHere } from "../sign-in/onboarding.ts";
import { plainPrompter, presentInWizard, presentOnLines } from "../sign-in/presenter.ts";
import { chooseRegion, endpointNotice, parseRegionArgument } from "../sign-in/region.ts";

export interface LoginOptions extends CommonOptions {
  readonly region?: string;
  readonly store?: string;
}

/** Signs in without onboarding. @returns the exit code: 0 */
export async function login(context: CommandContext, options: LoginOptions): Promise<number> {
  const { runtime, account, config, json, out } = context;
  const store =
    options.store === undefined ? undefined : parseStore(options.store, ["auto", ...STORE_NAMES], "--store");
  const attended = process.stdin.isTTY === true && process.stdout.isTTY === true && !json;
  // With --json stdout is for the result, and what a person must read goes to stderr.
  const lines = { log: (text: string) => (json ? out.error(text) : out.log(text)) };
  const { region, from } = await chooseRegion(runtime, {
    option: "--region",
    typed: options.region,
    account,
    ask: attended ? askRegion : undefined,
  });
  if (from === "default") lines.log(endpointNotice(region, "--region"));
  const auth = store ? runtime.withStore(store) : runtime.auth;
  const presenter = attended
    ? presentInWizard({
        prompter: plainPrompter(process.stdout),
        openUrl: async (url) => void (await openBrowser(url, process.env)),
        isRemote: process.env.SSH_CONNECTION !== undefined,
      })
    : presentOnLines(lines, process.env);
  const signedIn = await signInHere({ ...runtime, auth }, config, region, presenter, { account });
  const { baseUrl, rootDir, notes } = signedIn;
  const written = await changeConfig((current) =>
    configAfterLogin({ config: current, rootDir, account, baseUrl }),
  );
  if (json) printJson(out, { account, region, signedIn: true, configChanged: written });
  for (const note of notes) lines.log(note);
  if (written) lines.log("OpenClaw's config was completed; the file before is openclaw.json.bak.");
  return EXIT.done;
}

async function askRegion(preselected: RegionId): Promise<RegionId> {
  for (const { label, apiHost } of Object.values(REGIONS)) console.log(`  ${label.padEnd(8)}${apiHost}`);
  const answer = await ask(`MiniMax endpoint [${preselected}]: `);
  return answer.trim() === "" ? preselected : parseRegionArgument(answer, "--region");
}
