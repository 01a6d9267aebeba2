import type { ProviderAuthContext } from "openclaw/plugin-sdk/plugin-entry";

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
