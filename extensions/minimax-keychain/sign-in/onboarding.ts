import type {
  OpenClawConfig,
  ProviderAuthContext,
  ProviderAuthMethodNonInteractiveContext,
  ProviderAuthResult,
} from "openclaw/plugin-sdk/plugin-entry";
import {
  AuthError,
  parseRegion,
  REGIONS,
  type RegionId,
  SIGN_IN_COMMAND,
  type SignedIn,
} from "../../../src/index.ts";
import { accountToSignIn } from "../config/account.ts";
import { authoredConfig } from "../config/host-config.ts";
import { assertWritable } from "../config/includes.ts";
import { configPatch, DEFAULT_MODEL_REF, patchedConfig } from "../config/sign-in-patch.ts";
import { PORTAL_LABEL, PORTAL_PROVIDER_ID } from "../names.ts";
import { oldLoginNote } from "../old-login.ts";
import { parsePluginConfig } from "../plugin-config.ts";
import type { Runtime } from "../runtime.ts";
import { firstCheck } from "./after-sign-in.ts";
import { interruptible } from "./interrupt.ts";
import { type Presenter, presentInWizard, presentOnLines } from "./presenter.ts";
import { lastRegion } from "./region.ts";

/** In a terminal: endpoint → sign in → config. */
export async function run(runtime: Runtime, ctx: ProviderAuthContext): Promise<ProviderAuthResult> {
  const region =
    givenRegion(runtime, ctx.opts) ?? (await askRegion(ctx, await regionBefore(runtime, ctx.config)));
  const presenter = presentInWizard(ctx);
  const signedIn = await signInHere(runtime, ctx.config, region, presenter, ctx);
  return {
    profiles: [],
    configPatch: configPatch(signedIn),
    defaultModel: DEFAULT_MODEL_REF,
    notes: signedIn.notes,
  };
}

/** For scripts: the same without questions; the endpoint is Global unless given. */
export async function runNonInteractive(
  runtime: Runtime,
  ctx: ProviderAuthMethodNonInteractiveContext,
): Promise<OpenClawConfig | null> {
  const given = givenRegion(runtime, ctx.opts);
  const region = given ?? (await regionBefore(runtime, ctx.config)) ?? "global";
  if (!given) ctx.runtime.log(endpointTaken(region));
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

function givenRegion(runtime: Runtime, opts: Record<string, unknown> | undefined): RegionId | undefined {
  const option = opts?.minimaxRegion;
  if (typeof option === "string" && option !== "") return parseRegion(option);
  const configured = runtime.config.region ?? process.env.MINIMAX_REGION;
  return configured ? parseRegion(configured) : undefined;
}

/** Where the account to sign in was signed in before. */
function regionBefore(runtime: Runtime, config: OpenClawConfig): Promise<RegionId | undefined> {
  return lastRegion(runtime.auth, accountToSignIn(parsePluginConfig(runtime.config), config));
}

function endpointTaken(region: RegionId): string {
  const { label, apiHost } = REGIONS[region];
  const other =
    region === "global" ? "For China: --minimax-region cn" : "For Global: --minimax-region global";
  return `Endpoint: ${label} (${apiHost}). ${other}`;
}

async function askRegion(ctx: ProviderAuthContext, before: RegionId = "global"): Promise<RegionId> {
  return ctx.prompter.select<RegionId>({
    message: "MiniMax endpoint",
    options: [
      { value: "global", label: "Global", hint: "international users, api.minimax.io" },
      { value: "cn", label: "CN", hint: "users in China, api.minimaxi.com" },
    ],
    initialValue: before,
  });
}

type Authority = Pick<ProviderAuthContext, "signal" | "assertCurrent">;

/** The sign-in itself, wherever it was started. @returns what the config is to be patched with */
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

const STORE_NAMES: Readonly<Record<string, string>> = {
  keytar: "the OS keychain",
  "secret-service": "the OS keychain",
  "encrypted-file": "an encrypted file",
  memory: "memory only: they are gone when this process ends",
};

function notes(region: RegionId, { storeName, notice }: SignedIn): string[] {
  return [
    `Tokens are in ${STORE_NAMES[storeName] ?? storeName} and are refreshed before they expire.`,
    `Endpoint: ${REGIONS[region].label} (${REGIONS[region].apiHost}). To change it: ${SIGN_IN_COMMAND}`,
    "Lightning: on the coding plan MiniMax routes M2.1 to it by itself, and back when traffic peaks. Choosing MiniMax-M2.1-lightning asks for it by name.",
    ...(notice ? [notice] : []),
  ];
}

/** An allow-list is the person's own to change; without the models in it they can only be the default. */
function notAllowed({ agents }: OpenClawConfig): string[] {
  const all = [agents?.defaults, ...Object.values(agents?.entries ?? {})];
  const closed = all.some((agent) => {
    const allow = agent?.modelPolicy?.allow ?? [];
    return allow.length > 0 && !allow.some((ref) => ref.startsWith(`${PORTAL_PROVIDER_ID}/`));
  });
  return closed
    ? [
        "Your modelPolicy.allow does not list the plan's models, so none but the default can be used. To add them: openclaw minimax-portal preset oauth",
      ]
    : [];
}
