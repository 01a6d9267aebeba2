import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { maskSecrets, reveal, Secret } from "../../../src/base/secret.ts";

const secret = new Secret("s3cr3t-t0ken");

test("a secret shows a mask however it is printed", () => {
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
    Object.values(secret).join(),
  ].join("\n");
  assert.doesNotMatch(shown, /s3cr3t/);
  assert.match(shown, /\[secret\]/);
});

test("reveal gives a secret's text", () => {
  assert.equal(reveal(secret), "s3cr3t-t0ken");
});

test("a copy of a secret has no text to give", () => {
  assert.throws(() => reveal(structuredClone(secret)), TypeError);
});

test("a secret made by one instance of the module can be read by another", async () => {
  const url = new URL("../../../src/base/secret.ts?again", import.meta.url).href;
  const again = (await import(url)) as typeof import("../../../src/base/secret.ts");
  assert.notEqual(again.Secret, Secret);
  assert.equal(again.reveal(secret), "s3cr3t-t0ken");
});

test("text from outside is masked in every place where it quotes a secret", () => {
  assert.equal(
    maskSecrets("bad token s3cr3t-t0ken (s3cr3t-t0ken)", [secret]),
    "bad token [secret] ([secret])",
  );
  assert.equal(maskSecrets("unchanged", [new Secret("")]), "unchanged");
});
