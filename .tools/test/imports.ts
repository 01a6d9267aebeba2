import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, type Plugin } from "esbuild";

/** One import statement; `to` is a file of the project or the name of a package. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/**
 * Every import of the given files, static and dynamic, of values and of types, read with esbuild's
 * parser. Paths are relative to `root`.
 */
export async function readImports(root: string, files: readonly string[]): Promise<Import[]> {
  const found: Import[] = [];
  await build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: "unused",
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    logLevel: "silent",
    // Keeps imports whose names are used as types only.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [recorder(root, found)],
  });
  return found;
}

function recorder(root: string, found: Import[]): Plugin {
  const project = (path: string) => relative(root, path).replaceAll("\\", "/");
  return {
    name: "record-imports",
    setup(run) {
      run.onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
        if (kind === "entry-point") return { path: join(root, path) };
        const isFile = path.startsWith(".");
        found.push({ from: project(importer), to: isFile ? project(join(dirname(importer), path)) : path });
        return { path, external: true };
      });
      run.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
        contents: withTypeImports(readFileSync(path, "utf8")),
        loader: "ts",
      }));
    },
  };
}

/** Makes plain imports of `import type … from` and `export type … from`, which the parser leaves out. */
export function withTypeImports(code: string): string {
  return code.replace(/^(?:import|export)\s+type\s[^"';=]*?\sfrom\s*("[^"\n]+")/gm, "import $1");
}

/**
 * The part of the tree that a file belongs to: `src/keychain` for src/keychain/a/b.ts, three levels under
 * extensions/. A file beside such folders stands for itself: the plugin's names.ts is below all of them, its
 * index.ts above.
 */
export function folderOf(path: string): string {
  const depth = path.startsWith("extensions/") ? 3 : 2;
  const folders = path.split("/").slice(0, -1);
  return folders.length < depth ? path : folders.slice(0, depth).join("/");
}

/** A way from a node back to itself, its start named again at the end; undefined when there is none. */
export function findCycle(edges: readonly Import[]): string[] | undefined {
  const next = Map.groupBy(
    edges.filter(({ from, to }) => from !== to),
    ({ from }) => from,
  );
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const { to } of next.get(node) ?? []) {
      const cycle = visit(to, [...path, node]);
      if (cycle !== undefined) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of next.keys()) {
    const cycle = visit(node, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
