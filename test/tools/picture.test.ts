import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawTerminal } from "../../.tools/picture/svg.ts";
import { linesOf, textOf } from "../../.tools/picture/terminal.ts";

const shown = (output: string, columns = 80) => linesOf(output, columns, /^a/).map(textOf);

describe("the lines of a picture", () => {
  test("begin with the one that is looked for, and end with the last that has text", () => {
    assert.deepEqual(shown("before\r\na\r\n\r\nb\r\n\r\n"), ["a", "", "b"]);
    assert.deepEqual(shown("nothing of it"), []);
  });

  test("are what is left of a line that was written over", () => {
    assert.deepEqual(shown("a\r\n\r\x1b[2Kwaiting…\r\x1b[2Kdone"), ["a", "done"]);
  });

  test("are broken at the terminal's edge, in the colours that they have", () => {
    const lines = linesOf("a\x1b[32mbcd\x1b[39me", 3, /^a/);
    assert.deepEqual(lines.map(textOf), ["abc", "de"]);
    assert.deepEqual(
      lines.flat().map(({ text, colour }) => [text, colour]),
      [
        ["a", undefined],
        ["bc", 32],
        ["d", 32],
        ["e", undefined],
      ],
    );
  });
});

test("a picture has each word once, escaped, and a path for each kind of block in a line", () => {
  const svg = drawTerminal(
    "openclaw <x>",
    linesOf("a & b\n\x1b[32m██\x1b[39m\x1b[2m░░\x1b[22m 50 %", 80, /^a/),
  );
  assert.match(svg, />openclaw &#60;x&#62;<\/text>/);
  assert.match(svg, />a &#38; b<\/text>/);
  assert.match(
    svg,
    /<path class="c32" d="M[^"]+z"\/><path class="rest" d="M[^"]+z"\/><text [^>]*>50 %<\/text>/,
  );
});
