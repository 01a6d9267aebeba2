import type { OpenClawPluginCommandDefinition, PluginCommandContext } from "openclaw/plugin-sdk/plugin-entry";
import {
  isAuthError,
  type PendingSignIn,
  REGIONS,
  type RegionId,
  SIGN_IN_COMMAND,
  shared,
} from "../../../src/index.ts";
import { configuredAccount } from "../config/account.ts";
import type { Runtime } from "../runtime.ts";
import { firstCheck } from "./after-sign-in.ts";
import { chooseRegion } from "./region.ts";

export const CHAT_COMMAND = "minimax-login";

/** A sign-in that a chat message began. */
interface ChatSignIn {
  readonly region: RegionId;
  pending?: PendingSignIn;
  /** How it ended; reported with the next message. */
  outcome?: string;
  /** Epoch ms. */
  endedAt?: number;
  readonly stop: AbortController;
}

/** An outcome that nobody asked for says nothing of the sign-in as it is by then, ms. */
const OUTCOME_TOLD_MS = 3_600_000;

const signIns = shared("chat-sign-ins/1", () => new Map<string, ChatSignIn>());

/**
 * `/minimax-login`: signs in a gateway without a screen from a phone. The host offers no second message, so
 * the answer is the link and the code, and the message sent again tells how it went.
 */
export function chatLogin(runtime: Runtime): OpenClawPluginCommandDefinition {
  return {
    name: CHAT_COMMAND,
    description: "Sign in to MiniMax: gives a link and a code; send it again to see how it went",
    acceptsArgs: true,
    requireAuth: true,
    handler: async (ctx) => ({ text: await answer(runtime, ctx) }),
  };
}

async function answer(runtime: Runtime, ctx: PluginCommandContext): Promise<string> {
  // The host has checked it already; a sign-in replaces the one there is, so it is checked twice.
  if (!ctx.isAuthorizedSender) return "Only somebody this gateway trusts may sign it in.";
  const account = configuredAccount(ctx.config);
  if (account === undefined) {
    return `This gateway does not use the MiniMax sign-in yet. On its machine, once: \`${SIGN_IN_COMMAND}\`.`;
  }
  try {
    return await handle(runtime, account, (ctx.args ?? "").trim().toLowerCase());
  } catch (error) {
    if (isAuthError(error)) return error.message;
    throw error;
  }
}

async function handle(runtime: Runtime, account: string, argument: string): Promise<string> {
  forgetOld(account);
  const known = signIns.get(account);
  if (argument === "cancel") {
    if (!known || known.outcome) return "No sign-in is under way.";
    known.stop.abort();
    signIns.delete(account);
    return "The sign-in was cancelled. What was signed in before is kept.";
  }
  if (known && !known.outcome)
    return known.pending ? instructions(known.pending, known.region) : "One moment…";
  if (known?.outcome && argument === "") {
    signIns.delete(account);
    return known.outcome;
  }
  const typed = argument === "" ? undefined : argument;
  const { region } = await chooseRegion(runtime, { option: `/${CHAT_COMMAND}`, typed, account });
  return begin(runtime, account, region);
}

function forgetOld(account: string): void {
  const { endedAt = Date.now() } = signIns.get(account) ?? {};
  if (Date.now() - endedAt > OUTCOME_TOLD_MS) signIns.delete(account);
}

async function begin({ auth }: Runtime, account: string, region: RegionId): Promise<string> {
  const signIn: ChatSignIn = { region, stop: new AbortController() };
  signIns.set(account, signIn);
  const shown = Promise.withResolvers<string>();
  const finished = auth.signIn({
    account,
    region,
    signal: signIn.stop.signal,
    onWait: () => {},
    async show(pending) {
      signIn.pending = pending;
      shown.resolve(instructions(pending, region));
    },
  });
  finished.then(
    async () => {
      const signedIn = `Signed in to MiniMax (${REGIONS[region].label}). This gateway uses it from now on; the tokens are in its keychain.`;
      signIn.outcome = [signedIn, ...(await firstCheck(auth, account))].join("\n");
      signIn.endedAt = Date.now();
    },
    (error: unknown) => {
      signIn.outcome = isAuthError(error) ? error.message : "The sign-in failed, for a reason unknown.";
      signIn.endedAt = Date.now();
      if (signIn.pending) return;
      // There is nothing to wait for: report it now.
      signIns.delete(account);
      shown.resolve(signIn.outcome);
    },
  );
  return shown.promise;
}

function instructions({ verificationUri, userCode, expiresAt }: PendingSignIn, region: RegionId): string {
  const minutes = Math.max(1, Math.round((expiresAt - Date.now()) / 60_000));
  return [
    `Sign in to MiniMax (${REGIONS[region].label}):`,
    verificationUri,
    `Approve only if the page shows the code ${userCode}. It is valid for ${minutes} min.`,
    `Afterwards send /${CHAT_COMMAND} again to see how it went; /${CHAT_COMMAND} cancel stops it.`,
  ].join("\n");
}
