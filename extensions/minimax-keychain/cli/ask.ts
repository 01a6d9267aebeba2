import { createInterface } from "node:readline/promises";
import { AuthError } from "../../../src/index.ts";

/**
 * Puts a question on the terminal.
 * @throws AuthError `cancelled` on Ctrl-C and at the end of the input
 */
export async function ask(
  question: string,
  { input, output }: Streams = { input: process.stdin, output: process.stdout },
): Promise<string> {
  const terminal = createInterface({ input, output });
  const ended = Promise.withResolvers<never>();
  terminal.once("close", () => ended.reject(unanswered()));
  terminal.once("SIGINT", () => terminal.close());
  try {
    return await Promise.race([terminal.question(question), ended.promise]);
  } catch (error) {
    // Otherwise the next output would stand behind what was typed.
    output.write("\n");
    // Node's own word for a question that was closed.
    throw (error as { code?: string }).code === "ABORT_ERR" ? unanswered() : error;
  } finally {
    ended.promise.catch(() => {});
    terminal.close();
  }
}

interface Streams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

function unanswered(): AuthError {
  return new AuthError("cancelled", {
    what: "Cancelled.",
    kept: "Nothing was changed.",
    next: "Run the command again when you are ready.",
  });
}
/** What was typed so far, and how it ended. */
export interface Typed {
  readonly text: string;
  readonly ended: "not yet" | "enter" | "interrupted";
}

const CTRL_C = "\u0003";

const CTRL_D = "\u0004";

const CTRL_U = "\u0015";

const BACKSPACE = ["\u0008", "\u007f"];

/** Makes the terminal mark a paste, so that a line break in it does not count as the Enter key. */
const MARK_PASTES = "\u001b[?2004h";

const MARK_NO_PASTES = "\u001b[?2004l";

const PASTE_BEGINS = "\u001b[200~";

const PASTE_ENDS = "\u001b[201~";

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence, half of one at the end, or a character
const KEYS = /\u001b(?:\[[0-?]*[ -/]*(?:[@-~]|$)|O(?:[ -~]|$)|[^[O\u001b]|$)?|[^\u001b]/gu;

/**
 * Reads everything that a terminal in raw mode has sent. What came along with the Enter key belongs to the
 * text: an empty line before a key does not end it, and a second one is not left for the shell to show.
 */
export function readTyped(raw: string): Typed {
  let text = "";
  let pasting = false;
  let ended: Typed["ended"] = "not yet";
  for (const [key] of raw.matchAll(KEYS)) {
    if (key === CTRL_C) return { text: "", ended: "interrupted" };
    if (key === PASTE_BEGINS || key === PASTE_ENDS) pasting = key === PASTE_BEGINS;
    else if (key === CTRL_U) text = "";
    else if (BACKSPACE.includes(key)) text = [...text].slice(0, -1).join("");
    else if (key === "\r" || key === "\n" || key === CTRL_D) {
      text += "\n";
      if (!pasting) ended = "enter";
    } else if (key >= " ") text += key;
  }
  return { text: text.trim(), ended };
}

type Input = Pick<NodeJS.ReadStream, "setRawMode" | "setEncoding" | "resume" | "pause" | "on" | "off">;

type Output = Pick<NodeJS.WriteStream, "write" | "isTTY">;

/**
 * What a person types or pastes into the terminal, which does not show it.
 * @returns undefined where they pressed Ctrl-C, or the terminal went away
 */
export async function askHidden(
  question: string,
  input: Input = process.stdin,
  output: Output = process.stderr,
): Promise<string | undefined> {
  const mark = (sequence: string) => (output.isTTY ? sequence : "");
  const answer = Promise.withResolvers<string | undefined>();
  let raw = "";
  const onData = (piece: string) => {
    raw += piece;
    const { text, ended } = readTyped(raw);
    if (ended !== "not yet") answer.resolve(ended === "enter" ? text : undefined);
  };
  const onGone = () => answer.resolve(undefined);
  const GONE = ["end", "close", "error"];
  for (const event of GONE) input.on(event, onGone);
  try {
    // Before the question: who answers it at once must not see the answer.
    input.setRawMode(true);
    output.write(mark(MARK_PASTES) + question);
    input.setEncoding("utf8");
    input.on("data", onData);
    input.resume();
    return await answer.promise;
  } finally {
    input.off("data", onData);
    input.pause();
    input.setRawMode(false);
    for (const event of GONE) input.off(event, onGone);
    output.write(`${mark(MARK_NO_PASTES)}\n`);
  }
}
