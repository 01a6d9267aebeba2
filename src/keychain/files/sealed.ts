import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { reveal, type Secret } from "../../base/secret.ts";
import { parseJson } from "../../base/text.ts";

// OWASP's password storage cheat sheet lists these parameters. They belong to version 1 of the format and
// are not read from the file: whoever could change it would choose them.
const SCRYPT = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const scryptAsync = promisify<string, Buffer, number, typeof SCRYPT, Buffer>(scrypt);

/** The key that a passphrase gives with a file's salt. Takes a few hundred ms, on purpose. */
export const deriveKey = (passphrase: Secret, salt: Buffer): Promise<Buffer> =>
  scryptAsync(reveal(passphrase), salt, KEY_BYTES, SCRYPT);

/** The parts of a sealed file, version 1. */
export interface Sealed {
  salt: Buffer;
  iv: Buffer;
  tag: Buffer;
  data: Buffer;
}

export const newSalt = (): Buffer => randomBytes(SALT_BYTES);

/**
 * The bytes of a file that holds `value`, readable only with the same key and the same `binding`. `salt`
 * is the one the key was derived with, empty for a random key.
 */
export function seal(value: string, key: Buffer, salt: Buffer, binding: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(Buffer.from(binding));
  const data = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  const parts = { salt, iv, tag: cipher.getAuthTag(), data };
  const encoded = Object.entries(parts).map(([name, bytes]) => [name, bytes.toString("base64")]);
  return Buffer.from(`${JSON.stringify({ version: 1, ...Object.fromEntries(encoded) })}\n`);
}

/** The value inside; undefined if the key or the binding is another one, or a byte was changed. */
export function openSealed(sealed: Sealed, key: Buffer, binding: string): string | undefined {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(binding)).setAuthTag(sealed.tag);
  const head = decipher.update(sealed.data);
  try {
    return Buffer.concat([head, decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

/** The parts of a file's bytes; undefined if they are not a sealed file of version 1. */
export function parseSealed(bytes: Buffer, saltBytes = SALT_BYTES): Sealed | undefined {
  const record = parseJson(bytes.toString("utf8"));
  if (typeof record !== "object" || record === null) return undefined;
  const { version, ...parts } = record as Record<string, unknown>;
  const salt = decode(parts.salt, saltBytes);
  const iv = decode(parts.iv, IV_BYTES);
  const tag = decode(parts.tag, TAG_BYTES);
  const data = decode(parts.data);
  if (version !== 1 || !salt || !iv || !tag || !data) return undefined;
  return { salt, iv, tag, data };
}

function decode(value: unknown, length?: number): Buffer | undefined {
  if (typeof value !== "string") return undefined;
  const bytes = Buffer.from(value, "base64");
  return length === undefined || bytes.length === length ? bytes : undefined;
}
