import type { ProviderAuthContext } from "openclaw/plugin-sdk/plugin-entry";
import { isAuthError, type PendingSignIn, type WaitState } from "../../../src/index.ts";
import { openBrowser } from "./browser.ts";

/** How a sign-in shows itself to the person. */
export interface Presenter {
  checkingKeychain(): void;
  show(pending: PendingSignIn): Promise<void>;
  waiting(wait: WaitState): void;
  done(text: string): void;
  failed(error: unknown): void;
}

const TITLE = "Sign in to MiniMax";

/** What of the host's wizard a sign-in needs. */
export interface Wizard extends Pick<ProviderAuthContext, "openUrl" | "isRemote"> {
  readonly prompter: Pick<ProviderAuthContext["prompter"], "note" | "plain" | "progress" | "deviceCode">;
}

/** In the host's wizard: notes, a spinner with the time left, the host's own way to open a browser. */
export function presentInWizard({ prompter, openUrl, isRemote }: Wizard): Presenter {
  let progress: ReturnType<typeof prompter.progress> | undefined;
  const stop = (text: string) => {
    progress?.stop(text);
    progress = undefined;
  };
  return {
    checkingKeychain() {
      progress = prompter.progress("Checking the keychain…");
    },
    async show(pending) {
      stop("The keychain works.");
      const { userCode: code, expiresAt } = pending;
      const expiresInMinutes = Math.max(1, Math.round((expiresAt - Date.now()) / 60_000));
      if (prompter.deviceCode) {
        await prompter.deviceCode({ title: TITLE, code, expiresInMinutes, message: pending.verificationUri });
      } else {
        await prompter.note(instructions(pending), TITLE);
        // Not in the note: the host squeezes runs of spaces there, which would ruin the QR code.
        await prompter.plain?.(await qrCode(pending.verificationUri));
      }
      if (!isRemote) await openUrl(pending.verificationUri).catch(() => {});
      progress = prompter.progress("Waiting for your approval in the browser…");
    },
    waiting: (wait) => progress?.update(waitingText(wait)),
    done: stop,
    failed(error) {
      stop(isAuthError(error, "cancelled") ? "Sign-in cancelled." : "Not signed in.");
    },
  };
}

/** Without a terminal: plain lines, few of them, each worth a place in a log. */
export function presentOnLines(runtime: { log(text: string): void }, env: NodeJS.ProcessEnv): Presenter {
  let inTrouble = false;
  return {
    checkingKeychain: () => {},
    async show(pending) {
      runtime.log(`${TITLE}\n\n${instructions(pending)}\n\n${await qrCode(pending.verificationUri)}\n`);
      const minutes = Math.max(1, Math.round((pending.expiresAt - Date.now()) / 60_000));
      runtime.log(`Waiting for your approval (the code is valid for ${minutes} min)…`);
      await openBrowser(pending.verificationUri, env);
    },
    waiting(wait) {
      if (wait.trouble && !inTrouble) runtime.log(waitingText(wait));
      inTrouble = wait.trouble !== undefined;
    },
    done: (text) => runtime.log(text),
    failed: () => {},
  };
}

function instructions({ userCode, verificationUri }: PendingSignIn): string {
  return [
    "Open this page, on this or any other device:",
    "",
    `  ${verificationUri}`,
    "",
    "Approve only if it shows this code:",
    "",
    `  ${userCode}`,
  ].join("\n");
}

function waitingText({ msLeft, msToNextPoll, trouble }: WaitState): string {
  const seconds = Math.max(0, Math.round(msLeft / 1000));
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (trouble) {
    const again = `trying again in ${Math.ceil(msToNextPoll / 1000)} s`;
    return `MiniMax cannot be asked just now${reason(trouble)}; ${again}… (${left} left)`;
  }
  return `Waiting for your approval in the browser… (${left} left)`;
}

const reason = (trouble: Error) => (isAuthError(trouble) ? ` (${trouble.code})` : "");

type Prompter = Pick<ProviderAuthContext["prompter"], "note" | "plain" | "progress">;

type Screen = Pick<NodeJS.WriteStream, "write" | "columns">;

/** The part of the host's wizard that a sign-in shows itself with, on a terminal and without the wizard. */
export function plainPrompter(screen: Screen): Prompter {
  const line = (text: string) => void screen.write(`${text}\n`);
  return {
    async note(message, title) {
      line(`${title ? `${title}\n\n` : ""}${message}\n`);
    },
    async plain(message) {
      line(`${message}\n`);
    },
    progress(label) {
      // One line that is written over; cut, because a line that wraps cannot be.
      const show = (text: string) => screen.write(`\r\x1b[2K${text.slice(0, (screen.columns ?? 80) - 1)}`);
      show(label);
      return {
        update: show,
        stop(message) {
          show("");
          if (message) line(message);
        },
      };
    },
  };
}
/** A QR code for a terminal, two rows of modules in each line. */
export async function qrCode(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(text, { ecc: "L", border: 1 });
}
