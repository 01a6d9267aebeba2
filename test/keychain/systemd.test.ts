// The manual's units, read by systemd itself.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";

const MANUAL = readFileSync(join(import.meta.dirname, "../../extensions/minimax-keychain/README.md"), "utf8");
const [dropIn = "", unit = ""] = [...MANUAL.matchAll(/```ini\n(.*?)```/gs)].map(([, text]) => text);
const lacking = spawnSync("systemd-analyze", ["--version"]).error !== undefined;
const NEEDS_SYSTEMD = { skip: lacking ? "needs systemd-analyze: sudo apt-get install systemd" : false };

describe("the manual's way to give the encrypted file its key", NEEDS_SYSTEMD, () => {
  test("is a unit that systemd understands", (t) => {
    // The machine need not have OpenClaw where the unit looks for it.
    const file = join(folder(t), "openclaw-gateway.service");
    writeFileSync(file, unit.replace(/^ExecStart=\S+/m, "ExecStart=/bin/true"));
    assert.match(unit, /^LoadCredentialEncrypted=openclaw-minimax-keychain:/m);
    assert.equal(verified("--system", file), "");
  });

  test("is a drop-in that systemd understands", (t) => {
    const directory = folder(t);
    const file = join(directory, "openclaw-gateway.service");
    writeFileSync(file, "[Service]\nExecStart=/bin/true\n");
    mkdirSync(`${file}.d`);
    writeFileSync(join(`${file}.d`, "override.conf"), dropIn);
    assert.match(dropIn, /^LoadCredential=openclaw-minimax-keychain:%h/m);
    assert.equal(verified("--user", file), "");
  });

  test("would be found out if systemd did not understand it", (t) => {
    const file = join(folder(t), "openclaw-gateway.service");
    writeFileSync(file, "[Service]\nExecStart=/bin/true\nLoadCredentials=x\n");
    assert.match(verified("--system", file), /LoadCredentials/);
  });

  test("makes a key file that only its owner can read, where the drop-in looks for it", (t) => {
    const home = folder(t);
    const commands = /```bash\n(mkdir -p -m 700 ~.*?)\nCREDENTIALS_DIRECTORY=(\S+)/s.exec(MANUAL);
    assert.ok(commands?.[1] && commands[2]);
    execFileSync("bash", ["-euc", commands[1]], { env: { PATH: process.env.PATH, HOME: home } });
    const path = /:%h(\S+)/.exec(dropIn)?.[1] ?? "";
    assert.equal(path, `${commands[2].replace("~", "")}/openclaw-minimax-keychain`);
    const listing = execFileSync("stat", ["--format=%a %s", join(home, path)], { encoding: "utf8" });
    assert.equal(listing, "600 45\n");
  });
});

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "unit-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What systemd has to say against a unit. */
function verified(manager: "--system" | "--user", file: string): string {
  const env = { PATH: process.env.PATH, HOME: "/root", XDG_RUNTIME_DIR: tmpdir() };
  const { stderr } = spawnSync("systemd-analyze", ["verify", manager, "--man=no", file], {
    encoding: "utf8",
    env,
  });
  // It reads every unit the machine has; only ours is of interest here.
  return stderr
    .split("\n")
    .filter((line) => line.includes("openclaw-gateway"))
    .join("\n");
}
