import type {
  OpenClawConfig,
  ProviderAuthContext,
  ProviderAuthMethodNonInteractiveContext,
  ProviderAuthResult,
} from "openclaw/plugin-sdk/plugin-entry";
import { AuthError, REGIONS, type RegionId, type SignedIn } from "../../../src/index.ts";
import { accountToSignIn } from "../config/account.ts";
import { authoredConfig } from "../config/host-config.ts";
import { assertWritable } from "../config/includes.ts";
import { configPatch, DEFAULT_MODEL_REF, patchedConfig } from "../config/sign-in-patch.ts";
import { PORTAL_LABEL } from "../names.ts";
import { parsePluginConfig } from "../plugin-config.ts";
import type { Runtime } from "../runtime.ts";
import { firstCheck, notAllowed, notes, oldLoginNote } from "./after-sign-in.ts";
import { interruptible } from "./interrupt.ts";
import { type Presenter, presentInWizard, presentOnLines } from "./presenter.ts";
import { askInWizard, chooseRegion, endpointNotice, type RegionRequest } from "./region.ts";

/** In a terminal: endpoint → sign in → config. */
export async function run(runtime: Runtime, ctx: ProviderAuthContext): Promise<ProviderAuthResult> {
  const asking = { ask: askInWizard(ctx), asksAgain: true };
  const { region } = await chooseRegion(runtime, { ...regionRequest(runtime, ctx), ...asking });
  const presenter = presentInWizard(ctx);
  const signedIn = await signInHere(runtime, ctx.config, region, presenter, ctx);
  return {
    profiles: [],
    configPatch: configPatch(signedIn),
    defaultModel: DEFAULT_MODEL_REF,
    notes: signedIn.notes,
  };
}

/** For scripts: the same without questions. */
export async function runNonInteractive(
  runtime: Runtime,
  ctx: ProviderAuthMethodNonInteractiveContext,
): Promise<OpenClawConfig | null> {
  const request = regionRequest(runtime, ctx);
  const { region, from } = await chooseRegion(runtime, request);
  if (from === "last" || from === "default") ctx.runtime.log(endpointNotice(region, request.option));
  const presenter = presentOnLines(ctx.runtime, process.env);
  try {
    const signedIn = await signInHere(runtime, ctx.config, region, presenter, {});
    for (const note of signedIn.notes) ctx.runtime.log(note);
    return patchedConfig(signedIn);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    // The host prints nothing of a thrown error's own here, so the sentence goes out first.
    ctx.runtime.error(error.message);
    ctx.runtime.exit(1);
    return null;
  }
}

function regionRequest(
  runtime: Runtime,
  { opts, config }: Pick<ProviderAuthContext, "opts" | "config">,
): RegionRequest {
  const typed = opts?.minimaxRegion;
  return {
    option: "--minimax-region",
    typed: typeof typed === "string" && typed !== "" ? typed : undefined,
    account: accountToSignIn(parsePluginConfig(runtime.config), config),
  };
}

type Authority = Pick<ProviderAuthContext, "signal" | "assertCurrent">;

/** The sign-in itself, for onboarding, `login` and the chat. @returns what the config is to be patched with */
export async function signInHere(
  runtime: Runtime,
  config: OpenClawConfig,
  region: RegionId,
  presenter: Presenter,
  { signal, assertCurrent, account: named }: Authority & { readonly account?: string },
) {
  const account = named ?? accountToSignIn(parsePluginConfig(runtime.config), config);
  const patchFor = (baseUrl: string) => ({ config, rootDir: runtime.rootDir, account, baseUrl });
  assertWritable(await authoredConfig(), config, configPatch(patchFor(REGIONS[region].endpoints.inference)));

  const interrupt = interruptible(signal);
  let signedIn: SignedIn;
  try {
    presenter.checkingKeychain();
    signedIn = await runtime.auth.signIn({
      account,
      region,
      signal: interrupt.signal,
      show: presenter.show,
      onWait: presenter.waiting,
      ...(assertCurrent ? { assertCurrent } : {}),
    });
    presenter.done(`Signed in to ${PORTAL_LABEL} (${REGIONS[region].label}).`);
  } catch (error) {
    presenter.failed(error);
    throw error;
  } finally {
    interrupt.release();
  }
  const plan = await firstCheck(runtime.auth, account);
  return {
    ...patchFor(signedIn.credential.baseUrl),
    notes: [...plan, ...notes(region, signedIn), ...notAllowed(config), ...(await oldLoginNote(config))],
  };
}
