import assert from "node:assert/strict";
import { test } from "node:test";
import { plainText } from "../../../src/base/text.ts";

test("control characters of foreign text never reach a terminal", () => {
  assert.equal(plainText("a\x1b[31mred\x1b[0m\r\nb\u0007"), "a [31mred [0m b");
  assert.equal(plainText("right\u202eto left\u2028line"), "right to left line");
});

test("foreign text is cut at the length a message has room for", () => {
  assert.equal(plainText("x".repeat(500), 10), `${"x".repeat(9)}…`);
});
