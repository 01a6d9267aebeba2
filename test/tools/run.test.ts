import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { excerpt, exitCode, run } from "../../.tools/launch/run.mjs";

const ended = { code: null, signal: null, interruptedBy: null };

describe("the launcher's exit code", () => {
  test("is 130 after Ctrl-C", () => {
    assert.equal(exitCode({ ...ended, signal: "SIGINT" }), 130);
    assert.equal(exitCode({ ...ended, signal: "SIGKILL", interruptedBy: "SIGINT" }), 130);
  });

  test("is 128 and the number of the signal that ended the program", () => {
    assert.equal(exitCode({ ...ended, signal: "SIGTERM" }), 143);
    assert.equal(exitCode({ ...ended, signal: "SIGKILL" }), 137);
  });

  test("is the program's own when it has one", () => {
    assert.equal(exitCode({ ...ended, code: 7 }), 7);
    assert.equal(exitCode({ ...ended, code: 0, interruptedBy: "SIGINT" }), 0);
  });
});

describe("a program run by the launcher", () => {
  const node = (code: string) =>
    run(process.execPath, ["-e", code], { cwd: import.meta.dirname, env: process.env, stdio: "pipe" });

  test("that cannot be started is an error", async () => {
    const missing = run("./no-such-program", [], { cwd: import.meta.dirname, env: {}, stdio: "pipe" });
    await assert.rejects(missing, { code: "ENOENT" });
  });

  test("tells its exit code and all it printed", async () => {
    const result = await node("console.log('out'); console.error('err'); process.exitCode = 3");
    assert.equal(result.code, 3);
    assert.deepEqual(result.output.trim().split("\n").sort(), ["err", "out"]);
  });
});

describe("the excerpt of npm's output shown after a failure", () => {
  test("leaves warnings out", () => {
    assert.equal(
      excerpt("npm warn old\nnpm error code E404\n\nnpm notice new version\n"),
      "npm error code E404",
    );
  });

  test("keeps the cause, at the top, and the place of the log, at the end", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const shown = excerpt(lines.join("\n")).split("\n");
    assert.equal(shown.length, 20);
    assert.equal(shown[0], "line 0");
    assert.equal(shown.at(-1), "line 99");
  });
});
