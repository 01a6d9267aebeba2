import { relative } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";

export interface Bundle {
  /** Contents by path below dist/. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Licence comments found in bundled code, one text for each file that has some. */
  readonly legalComments: readonly string[];
  readonly metafile: Metafile;
}

// Some bundled packages are CommonJS and call require for Node's own modules; an ES module has none.
const REQUIRE = `import { createRequire as bannerRequire } from "node:module"; const require = bannerRequire(import.meta.url);`;

/** The plugin: what only a sign-in or a refresh needs stays in chunks of its own, loaded at need. */
export function bundlePlugin(root: string): Promise<Bundle> {
  return bundle(root, {
    entryPoints: { index: "extensions/minimax-keychain/index.ts" },
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    banner: { js: REQUIRE },
  });
}

/**
 * What lives for one call, the keychain's child and the API key's resolver: one file each, and CommonJS,
 * because Node needs 20 ms longer to start an ES module.
 */
export function bundleChild(root: string): Promise<Bundle> {
  return bundle(root, {
    entryPoints: {
      "keychain-child": "src/keychain/os/child.ts",
      // What the host runs for an API key: started for each command as well.
      "api-key-resolver": "src/api-key/resolver.ts",
    },
    format: "cjs",
    outExtension: { ".js": ".cjs" },
  });
}

async function bundle(root: string, options: BuildOptions): Promise<Bundle> {
  const outdir = `${root}/dist`;
  const result = await build({
    format: "esm",
    ...options,
    absWorkingDir: root,
    outdir,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node24",
    sourcemap: false,
    legalComments: "external",
    // The native bindings are the package's dependencies; the host provides its own SDK.
    external: ["keytar", "@napi-rs/keyring", "openclaw", "openclaw/*"],
    logLevel: "warning",
  });
  const outputs = result.outputFiles.map((file) => ({
    ...file,
    name: relative(outdir, file.path).replaceAll("\\", "/"),
  }));
  const isLegal = (name: string) => name.endsWith(".LEGAL.txt");
  return {
    files: new Map(
      outputs.filter(({ name }) => !isLegal(name)).map(({ name, contents }) => [name, contents]),
    ),
    legalComments: outputs
      .filter(({ name }) => isLegal(name))
      .map(({ contents }) => Buffer.from(contents).toString("utf8")),
    metafile: result.metafile,
  };
}
