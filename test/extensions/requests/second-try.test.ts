import assert from "node:assert/strict";
import { test } from "node:test";
import { withSecondTry } from "../../../extensions/minimax-keychain/requests/live-token.ts";

type Request = Parameters<typeof withSecondTry>[0];
type Stream = AsyncIterable<object> & { result(): Promise<{ errorMessage?: string }> };

/** A server that gives these answers in turn: "ok" or an error's text, which after a "!" is thrown. */
function scene(...answers: string[]) {
  let asked = 0;
  const request = async () => {
    const answer = answers[asked++] ?? "";
    if (answer.startsWith("!")) throw new Error(answer.slice(1));
    const message = answer === "ok" ? {} : { errorMessage: answer };
    const events = async function* () {
      yield answer === "ok" ? { type: "done", message } : { type: "error", error: message };
    };
    return { [Symbol.asyncIterator]: events, result: async () => message };
  };
  const ask = withSecondTry(request as unknown as Request) as unknown as () => Promise<Stream>;
  return { ask, asked: () => asked };
}

async function typesOf(stream: Stream): Promise<string[]> {
  const types: string[] = [];
  for await (const event of stream) types.push((event as { type: string }).type);
  return types;
}

test("a completion that is answered 401 is asked for once more, and only that answer is seen", async () => {
  const { ask, asked } = scene('401 {"type":"error"}', "ok");
  const stream = await ask();
  assert.deepEqual(await stream.result(), {});
  assert.deepEqual(await typesOf(stream), ["done"]);
  assert.equal(asked(), 2);
});

test("so is one whose 401 is thrown", async () => {
  const { ask, asked } = scene("!401 unauthorized", "ok");
  assert.deepEqual(await (await ask()).result(), {});
  assert.equal(asked(), 2);
});

test("a second 401 is the answer", async () => {
  const { ask, asked } = scene("401 first", "401 second");
  assert.deepEqual(await (await ask()).result(), { errorMessage: "401 second" });
  assert.equal(asked(), 2);
});

test("any other answer is left as it is", async () => {
  for (const answer of ["ok", "429 slower (1030)", "500 with 401 words"]) {
    const { ask, asked } = scene(answer);
    const stream = await ask();
    assert.equal((await stream.result()).errorMessage, answer === "ok" ? undefined : answer);
    assert.equal((await typesOf(stream)).length, 1);
    assert.equal(asked(), 1);
  }
  await assert.rejects(scene("!500 broken").ask(), /500 broken/);
});
