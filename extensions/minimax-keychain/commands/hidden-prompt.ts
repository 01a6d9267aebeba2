import { cancelled } from "../../../src/index.ts";

const ENTER = /[\r\n]/;
const CTRL_C = "\u0003";
const BACKSPACE = ["\u0008", "\u007f"];

/**
 * One line from the terminal that is not shown while it is typed.
 * @throws AuthError `cancelled` on Ctrl-C
 */
export function askHidden(question: string, input = process.stdin, output = process.stdout): Promise<string> {
  output.write(question);
  input.setRawMode(true);
  input.setEncoding("utf8").resume();
  return new Promise<string>((resolve, reject) => {
    let line = "";
    const onData = (typed: string) => {
      for (const character of typed) {
        if (character === CTRL_C) return end(() => reject(cancelled()));
        if (ENTER.test(character)) return end(() => resolve(line));
        line = BACKSPACE.includes(character) ? line.slice(0, -1) : line + character;
      }
    };
    const end = (settle: () => void) => {
      input.off("data", onData);
      input.setRawMode(false);
      input.pause();
      output.write("\n");
      settle();
    };
    input.on("data", onData);
  });
}
