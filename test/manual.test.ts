// The manual beside the code: codes, commands and settings. And the document's sections beside their tests.
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { describe, test } from "node:test";
import { readManifest } from "../.tools/build/manifest.ts";
import { codeIn, documents, isThere, read, section, tableRows } from "./support/markdown.ts";

const root = dirname(import.meta.dirname);
const EXTENSION = "extensions/minimax-keychain";
const manual = read(`${EXTENSION}/README.md`);
const registered = read(`${EXTENSION}/commands/index.ts`);

/** The codes in backticks in a column of a section's table, sorted. */
const column = (heading: string, index: number) =>
  tableRows(section(manual, heading))
    .flatMap((cells) => codeIn(cells[index] ?? ""))
    .sort();

/** `name` of every `name [argument]` that is registered as a command. */
const commandNames = () => {
  const names = registered.matchAll(/\badd\(\s*"([a-z-]+)|\.command\("([a-z-]+)/g);
  return [...new Set([...names].map(([, added, direct]) => added ?? direct ?? ""))];
};

describe("the manual", () => {
  test("has a row for every error code, and no other", () => {
    const [, union = ""] = /export type ErrorCode =(.*?);/s.exec(read("src/base/error.ts")) ?? [];
    const codes = [...union.matchAll(/"([a-z_]+)"/g)].map(([, code = ""]) => code);
    assert.ok(codes.length > 40);
    assert.deepEqual(column("### Error codes", 0), codes.sort());
  });

  test("has every code of the doctor's, and no other", () => {
    const inChecks = globSync(`${EXTENSION}/doctor/*.ts`, { cwd: root }).flatMap((path) =>
      [...read(path).matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)].map(([, code = ""]) => code),
    );
    const inSources = globSync(`${EXTENSION}/import/*.ts`, { cwd: root }).flatMap((path) =>
      [...read(path).matchAll(/\bcode: "([a-z_]+)"/g)].map(([, code = ""]) => code),
    );
    const ofErrors = new Set(column("### Error codes", 0));
    const used = [...new Set([...inChecks, ...inSources, "ok"])].filter((code) => !ofErrors.has(code));
    assert.ok(used.length > 30);
    assert.deepEqual(column("### The doctor's codes", 1), used.sort());
  });

  test("has every command that is registered, and no other", () => {
    const listed = tableRows(section(manual, "## Commands")).map(
      ([command = ""]) => codeIn(command)[0] ?? "",
    );
    const names = new Set(listed.map((command) => command.split(" ")[0]));
    assert.ok(names.size > 8);
    assert.deepEqual([...names].sort(), commandNames().sort());
  });

  test("has every option that is registered", () => {
    const options = [...registered.matchAll(/ption\(\s*"(--[a-z-]+)/g)].map(([, name = ""]) => name);
    assert.ok(options.length > 10);
    assert.deepEqual(
      options.filter((name) => !manual.includes(`\`${name}`)),
      [],
    );
  });

  test("names only JSON fields that a command prints", () => {
    const sources = globSync(`${EXTENSION}/{commands,doctor,import}/*.ts`, { cwd: root })
      .map(read)
      .join("\n");
    const fields = tableRows(section(manual, "### JSON")).flatMap(([, named = ""]) => codeIn(named));
    assert.ok(fields.length > 30);
    assert.deepEqual(
      fields.filter((name) => !name.startsWith("--") && !new RegExp(`\\b${name}\\b`).test(sources)),
      [],
    );
  });

  test("has the settings of the manifest, each with its values", () => {
    const schema = readManifest(root).configSchema as { properties: Record<string, { enum?: string[] }> };
    const rows = tableRows(section(manual, "## Settings"));
    assert.deepEqual(
      rows.map(([name = ""]) => codeIn(name)[0]).sort(),
      Object.keys(schema.properties).sort(),
    );
    for (const [name = "", values = ""] of rows) {
      const allowed = schema.properties[codeIn(name)[0] ?? ""]?.enum;
      if (allowed) assert.deepEqual(codeIn(values), allowed, name);
    }
  });

  test("has a section for each of the document's ten", () => {
    const sections = section(manual, "## Every way of using MiniMax").matchAll(/^### (\d+)\. /gm);
    assert.deepEqual(
      [...sections].map(([, number]) => Number(number)),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });
});

describe("every `openclaw minimax-portal …` in a document", () => {
  const typed = documents()
    .filter((path) => path !== "CHANGELOG.md")
    .flatMap((path) =>
      [...read(path).matchAll(/openclaw minimax-portal ([^\n`#|]*)/g)].map(([, rest = ""]) => ({
        path,
        rest,
      })),
    );

  test("is a command that is registered, with options that are", () => {
    const known = commandNames();
    assert.ok(typed.length > 30);
    for (const { path, rest } of typed) {
      const [name = "", ...words] = rest.trim().split(/\s+/);
      if (!/^[a-z-]+$/.test(name)) continue;
      assert.ok(known.includes(name), `${path}: ${name}`);
      for (const option of words.filter((word) => word.startsWith("--")))
        assert.ok(registered.includes(`"${option}`), `${path}: ${name} ${option}`);
    }
  });

  test("names a preset that is there", () => {
    const presets = read(`${EXTENSION}/presets/presets.ts`);
    const named = typed.flatMap(({ rest }) => /^preset ([a-z-]+)/.exec(rest)?.[1] ?? []);
    assert.ok(named.length >= 3);
    for (const name of named.filter((each) => !each.startsWith("-")))
      assert.ok(presets.includes(`"${name}"`), name);
  });
});

describe("the tests of the document's sections", () => {
  const rows = tableRows(section(read("test/README.md"), "## The document's sections"));

  test("there is one row for each section", () => {
    assert.deepEqual(
      rows.map(([name = ""]) => Number.parseInt(name, 10)),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  test("every row names tests that exist, by file and name", () => {
    for (const [name = "", proven = ""] of rows) {
      for (const proof of proven.split("<br>")) {
        const [, file = "", title = ""] = /^`([^`]+)`: (.+)$/.exec(proof.trim()) ?? [];
        assert.ok(file !== "" && isThere(file), `${name}: there is no ${file || "test file named"}`);
        assert.ok(read(file).includes(`test("${title}"`), `${name}: ${file} has no test "${title}"`);
      }
    }
  });
});
