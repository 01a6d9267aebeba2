/**
 * Text from outside made fit for a terminal: control characters (ANSI escapes, line breaks) and
 * direction overrides become spaces, runs of spaces one, and the length is capped.
 */
export function plainText(text: string, maxLength = 200): string {
  const plain = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ +/g, " ")
    .trim();
  return plain.length > maxLength ? `${plain.slice(0, maxLength - 1)}…` : plain;
}

/** No word of a sentence is this long; tokens, codes and verifiers are. */
const TOKEN_LIKE = /[\w.~+/=-]{24,}/g;

/** {@link plainText} for a message: what could be a token in it becomes "…", whoever put it there. */
export function quotable(text: string, maxLength = 200): string {
  return plainText(text.replace(TOKEN_LIKE, "…"), maxLength);
}

/** The value that JSON `text` stands for; undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
