import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { ask } from "../../../extensions/minimax-keychain/cli/ask.ts";
import { authError } from "../../support/auth-error.ts";

function terminal() {
  const input = new PassThrough();
  // As a terminal, so that Ctrl-C is a key.
  Object.assign(input, { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  return { input, output };
}

test("Ctrl-C at a question is a cancellation, as everywhere else", async () => {
  const streams = terminal();
  const answer = ask("Endpoint? ", streams);
  streams.input.write("glo\x03");
  await assert.rejects(answer, authError("cancelled"));
  // What is said next stands on a line of its own.
  assert.match(String(streams.output.read()), /glo\n$/);
});

test("so is the end of the input", async () => {
  const streams = terminal();
  const answer = ask("Endpoint? ", streams);
  streams.input.end();
  await assert.rejects(answer, authError("cancelled"));
});

test("an answer is given as it was typed", async () => {
  const streams = terminal();
  const answer = ask("Endpoint? ", streams);
  streams.input.write("cn\n");
  assert.equal(await answer, "cn");
});
