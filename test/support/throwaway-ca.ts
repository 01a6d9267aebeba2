import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export interface ThrowawayCa {
  /** The authority's own certificate, a PEM file. */
  readonly caFile: string;
  /** A certificate for `names` (as in `DNS:example.org`), valid for some days, or already expired. */
  issue(names: string, validity?: { expired: boolean }): KeyPair;
  remove(): void;
}

/** Why the tests that need `openssl` cannot run here, or false. */
export function opensslMissing(): string | false {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return false;
  } catch {
    return "needs openssl (apt-get install openssl)";
  }
}

/** A certificate authority for one test, made with the `openssl` command. */
export function throwawayCa(): ThrowawayCa {
  const directory = mkdtempSync(join(tmpdir(), "throwaway-ca-"));
  const path = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    ...["req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=Throwaway CA"],
    ...["-keyout", "ca.key", "-out", "ca.pem"],
  );
  let count = 0;
  return {
    caFile: path("ca.pem"),
    issue(names, { expired } = { expired: false }) {
      const name = `leaf${count++}`;
      writeFileSync(path(`${name}.ext`), `subjectAltName=${names}\n`);
      openssl("req", ...newKey, "-subj", "/CN=leaf", "-keyout", `${name}.key`, "-out", `${name}.csr`);
      openssl(
        ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
        ...["-days", expired ? "-1" : "2", "-extfile", `${name}.ext`, "-out", `${name}.pem`],
      );
      return {
        key: readFileSync(path(`${name}.key`), "utf8"),
        cert: readFileSync(path(`${name}.pem`), "utf8"),
      };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
