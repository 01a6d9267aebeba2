// Prints how long the built entry takes to evaluate, in ms, when what the host has loaded by then is
// already there. Run in a process of its own each time, because modules are evaluated once.
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Node's own modules that a host command was seen to load before any plugin (process.moduleLoadList). */
const LOADED_BY_THE_HOST = ["node:crypto", "node:module", "node:os", "node:util"];

const dist = join(dirname(dirname(import.meta.dirname)), "dist");
const code = globSync("**/*.js", { cwd: dist }).map((path) => readFileSync(join(dist, path), "utf8"));
const sdk = code.flatMap((text) =>
  [...text.matchAll(/from "(openclaw\/[^"]+)"/g)].map(([, name = ""]) => name),
);
for (const name of [...LOADED_BY_THE_HOST, ...sdk]) await import(name);

const start = performance.now();
await import(pathToFileURL(join(dist, "index.js")).href);
console.log(performance.now() - start);
