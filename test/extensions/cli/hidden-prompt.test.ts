import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, test } from "node:test";
import { askHidden, readTyped } from "../../../extensions/minimax-keychain/cli/ask.ts";

const KEY = "sk-api-0123456789";

/** A terminal that notes whether it echoes, and what it shows. */
function terminal({ isTTY = true } = {}) {
  const shown: string[] = [];
  const modes: boolean[] = [];
  const emitter = new EventEmitter();
  const stream = { setEncoding: () => stream, resume: () => stream, pause: () => stream };
  const input = Object.assign(emitter, stream, {
    setRawMode(raw: boolean) {
      modes.push(raw);
      return input;
    },
  }) as unknown as NonNullable<Parameters<typeof askHidden>[1]>;
  const output = { isTTY, write: (text: string) => shown.push(text) > 0 };
  return {
    modes,
    shown: () => shown.join(""),
    type: (keys: string) => void emitter.emit("data", keys),
    emitter,
    ask: () => askHidden("Key: ", input, output as unknown as NonNullable<Parameters<typeof askHidden>[2]>),
  };
}

describe("what was typed", () => {
  const ENTERED: readonly (readonly [how: string, raw: string, text: string])[] = [
    ["with the Enter key", `${KEY}\r`, KEY],
    ["with corrections", "sk-aX\u007fpiYY\u0008\u007f\r", "sk-api"],
    ["again from the start, after Ctrl-U", `wrong\u0015${KEY}\r`, KEY],
    ["with arrow and function keys", `sk\u001b[D\u001b[1;5C\u001bOH-api\u001bx\r`, "sk-api"],
    ["a paste that ends in a line's end", `${KEY}\r\n`, KEY],
    ["a paste that begins with an empty line", `\n${KEY}\n`, KEY],
    ["a marked paste", `\u001b[200~\n${KEY}\n\u001b[201~\r`, KEY],
    ["two lines, which are for the caller to refuse", "one\ntwo\n", "one\ntwo"],
    ["nothing", "\r", ""],
    ["nothing, and Ctrl-D", "\u0004", ""],
  ];
  for (const [how, raw, text] of ENTERED) {
    test(how, () => assert.deepEqual(readTyped(raw), { text, ended: "enter" }));
  }

  test("is not over before the Enter key, nor in the middle of a marked paste", () => {
    for (const raw of [KEY, `\u001b[200~${KEY}\n`, `\u001b[200~${KEY}\n\u001b[201~`, `${KEY}\u001b[`]) {
      assert.deepEqual(readTyped(raw), { text: KEY, ended: "not yet" });
    }
  });

  test("is forgotten with Ctrl-C", () => {
    assert.deepEqual(readTyped(`${KEY}\u0003\r`), { text: "", ended: "interrupted" });
  });
});

describe("a prompt that shows nothing", () => {
  test("takes the answer piece by piece; the terminal echoes again afterwards", async () => {
    const { ask, type, modes, shown } = terminal();
    const answer = ask();
    assert.deepEqual(modes, [true]);
    for (const piece of ["\u001b", "[200~sk-", "api", "\u001b[20", "1~", "\r"]) type(piece);
    assert.equal(await answer, "sk-api");
    assert.deepEqual(modes, [true, false]);
    assert.equal(shown(), "\u001b[?2004hKey: \u001b[?2004l\n");
  });

  test("is left with Ctrl-C", async () => {
    const { ask, type, modes } = terminal();
    const answer = ask();
    type(`${KEY}\u0003`);
    assert.equal(await answer, undefined);
    assert.deepEqual(modes, [true, false]);
  });

  for (const event of ["end", "close", "error"]) {
    test(`is left when the terminal goes away: ${event}`, async () => {
      const { ask, emitter, modes } = terminal();
      const answer = ask();
      emitter.emit(event, new Error("EIO"));
      assert.equal(await answer, undefined);
      assert.deepEqual(modes, [true, false]);
    });
  }

  test("leaves the terminal as it was when the question cannot be shown", async () => {
    const { ask, modes, emitter } = terminal();
    Object.assign(emitter, { setEncoding: () => assert.fail("broken") });
    await assert.rejects(ask(), /broken/);
    assert.deepEqual(modes, [true, false]);
    assert.deepEqual(emitter.eventNames(), []);
  });

  test("sends no marks to a file", async () => {
    const { ask, type, shown } = terminal({ isTTY: false });
    const answer = ask();
    type("\r");
    await answer;
    assert.equal(shown(), "Key: \n");
  });
});
