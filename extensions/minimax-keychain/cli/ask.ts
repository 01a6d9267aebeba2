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
    // Otherwise what is said next would stand behind what was typed.
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
