import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";

const ROOT = join(import.meta.dirname, "../../..");

/** Bundles ours as `dist/` is bundled: JavaScript, split where it loads at need, the bindings left outside. */
export async function bundleOurs(outdir: string): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    outdir,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: ["keytar", "@napi-rs/keyring", "openclaw", "openclaw/*"],
    logLevel: "warning",
  };
  const banner = `import { createRequire as benchRequire } from "node:module"; const require = benchRequire(import.meta.url);`;
  await build({
    ...common,
    entryPoints: { ours: "test/bench/tokens/bundled.ts" },
    splitting: true,
    banner: { js: banner },
  });
  await build({ ...common, entryPoints: { "keychain-child": "src/keychain/os/child.ts" } });
}
