import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, mustSucceed } from "../../../fixtures/openclaw/command.ts";

export interface Certificate {
  /** PEM texts of a server. */
  readonly key: string;
  readonly cert: string;
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority of our own in `directory`, and with it a certificate for `names`, valid for a day. */
export async function makeCertificates(directory: string, names: readonly string[]): Promise<void> {
  const openssl = async (...args: string[]) => {
    mustSucceed("openssl", await command("openssl", args, { env: process.env, cwd: directory }));
  };
  const subject = ["-subj", "/CN=Stand-in"];
  const constraints = ["-addext", "basicConstraints=critical,CA:TRUE"];
  await openssl("req", "-x509", ...KEY, ...subject, ...constraints, "-days", "1", ...out("authority"));
  const altNames = `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`;
  writeFileSync(join(directory, "names.cnf"), `${altNames}\nbasicConstraints=CA:FALSE\n`);
  await openssl("req", ...KEY, ...subject, "-keyout", "server-key.pem", "-out", "server.csr");
  const signer = ["-CA", "authority-cert.pem", "-CAkey", "authority-key.pem", "-CAcreateserial"];
  const request = ["-in", "server.csr", "-days", "1", "-extfile", "names.cnf"];
  await openssl("x509", "-req", ...signer, ...request, "-out", "server-cert.pem");

  // Node reads one file only: the machine's own extra authorities come along.
  const others = process.env.NODE_EXTRA_CA_CERTS;
  const own = others && existsSync(others) ? readFileSync(others, "utf8") : "";
  writeFileSync(authorities(directory), `${own}\n${readFileSync(join(directory, "authority-cert.pem"))}`);
}

function out(name: string): string[] {
  return ["-keyout", `${name}-key.pem`, "-out", `${name}-cert.pem`];
}

/** The file for NODE_EXTRA_CA_CERTS. */
export function authorities(directory: string): string {
  return join(directory, "authorities.pem");
}

export function serverCertificate(directory: string): Certificate {
  const read = (name: string) => readFileSync(join(directory, name), "utf8");
  return { key: read("server-key.pem"), cert: read("server-cert.pem") };
}
