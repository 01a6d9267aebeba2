import { inspect } from "node:util";

const MASK = "[secret]";

/**
 * A token, code verifier or passphrase. Printing, JSON and inspection give a mask, so a secret
 * cannot reach a log by accident; {@link reveal} is the one way to its text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text in clear. Call it only where the secret leaves for its one rightful receiver. */
  static reveal(secret: Secret): string {
    return secret.#text;
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

/** The text of a secret in clear. */
export const reveal = (secret: Secret): string => Secret.reveal(secret);

/** `text` with every occurrence of the given secrets masked. For text that comes from outside. */
export function maskSecrets(text: string, secrets: readonly Secret[]): string {
  return secrets.reduce((masked, secret) => {
    const clear = reveal(secret);
    return clear === "" ? masked : masked.replaceAll(clear, MASK);
  }, text);
}
