import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { readConfigFile, replaceConfig } from "../../../extensions/minimax-keychain/presets/config-file.ts";
import { authError } from "../../support/auth-error.ts";

const TEXT = "\uFEFF// mine\n{ gateway: { mode: 'local' } }\n";
const VARIABLES = ["HOME", "OPENCLAW_STATE_DIR", "OPENCLAW_CONFIG_PATH"] as const;

// With the host's own reader and validator, in this process.
describe("OpenClaw's config file", () => {
  const usual = VARIABLES.map((name) => [name, process.env[name]] as const);
  let directory: string;
  let path: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "config-file-"));
    path = join(directory, "openclaw.json");
    process.env.HOME = directory;
    process.env.OPENCLAW_STATE_DIR = directory;
    delete process.env.OPENCLAW_CONFIG_PATH;
  });
  beforeEach(() => {
    writeFileSync(path, TEXT);
    chmodSync(path, 0o640);
  });
  after(() => {
    for (const [name, value] of usual) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(directory, { recursive: true });
  });

  const leftovers = () => readdirSync(directory).filter((name) => name.startsWith(".openclaw-"));

  test("is not touched where it is managed from outside", async () => {
    for (const env of [{ OPENCLAW_CONFIG_READONLY: "1" }, { OPENCLAW_NIX_MODE: "1" }]) {
      await assert.rejects(readConfigFile(env), authError("config_invalid"));
    }
  });

  test("stays as it is when the host finds the new text invalid", async () => {
    const wrong = TEXT.replace("'local'", "'nowhere'");
    await assert.rejects(replaceConfig(path, TEXT, wrong), /invalid: "?gateway\.mode/);
    assert.equal(readFileSync(path, "utf8"), TEXT);
    assert.deepEqual(leftovers(), []);
    assert.equal(process.env.OPENCLAW_CONFIG_PATH, undefined);
  });

  test("stays as it is when something else has changed it in the meantime", async () => {
    await assert.rejects(replaceConfig(path, "an older text", TEXT), /changed by something else/);
    assert.equal(readFileSync(path, "utf8"), TEXT);
  });

  test("is replaced in one step, behind a symbolic link and with its mode", async () => {
    const real = join(directory, "real.json");
    rmSync(path);
    writeFileSync(real, TEXT);
    chmodSync(real, 0o640);
    symlinkSync(real, path);
    const file = await readConfigFile({});
    assert.equal(file.text, TEXT);
    const changed = TEXT.replace("'local'", "'remote'");
    await replaceConfig(file.path, file.text, changed);
    assert.equal(readFileSync(real, "utf8"), changed);
    if (process.platform !== "win32") assert.equal(statSync(real).mode & 0o777, 0o640);
    assert.deepEqual(leftovers(), []);
    rmSync(path);
  });
});
