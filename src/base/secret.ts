import { inspect } from "node:util";
import { shared } from "./shared.ts";

const MASK = "[secret]";

/** The texts, by secret: not in a private field, because one module instance must read what another made. */
const texts = shared("secrets/1", () => new WeakMap<Secret, string>());

/**
 * A token, code verifier or passphrase. Printing, JSON and inspection give a mask, so a secret
 * cannot reach a log by accident; {@link reveal} is the one way to its text.
 */
export class Secret {
  constructor(text: string) {
    texts.set(this, text);
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** The text of a secret in clear. Call it only where the secret leaves for its one rightful receiver. */
export function reveal(secret: Secret): string {
  const text = texts.get(secret);
  if (text === undefined) throw new TypeError("Not a secret, or a copy of one.");
  return text;
}

/** `text` with every occurrence of the given secrets masked. For text that comes from outside. */
export function maskSecrets(text: string, secrets: readonly Secret[]): string {
  return secrets.reduce((masked, secret) => {
    const clear = reveal(secret);
    return clear === "" ? masked : masked.replaceAll(clear, MASK);
  }, text);
}
