import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { missingSecretServiceCommands, startSecretService } from "../../fixtures/secret-service/start.ts";
import { bundleOurs } from "./tokens/bundle.ts";
import { drawChart } from "./tokens/chart.ts";
import { openStage } from "./tokens/measure.ts";
import { fetchPeers, PEER_VERSIONS } from "./tokens/peers.ts";
import { toMarkdown, toText, withReport } from "./tokens/report.ts";
import type { Results } from "./tokens/results.ts";
import { FULL, measureAll, QUICK } from "./tokens/run.ts";
import { verdicts } from "./tokens/targets.ts";

const ROOT = join(import.meta.dirname, "../..");
const CACHE = join(ROOT, ".cache");
const DOCUMENT = join(ROOT, "test/README.md");
/** Relative to the document. */
const CHART = "bench/tokens.svg";

/**
 * Measures ours beside its peers. `--quick`: few repetitions, few processes; `--write`: puts the table and
 * the chart into test/README.md; `--draw`: both from the last run's figures, without measuring.
 */
export async function tokens(args: readonly string[]): Promise<{ text: string; kept: boolean }> {
  mkdirSync(CACHE, { recursive: true });
  const saved = join(CACHE, "bench-tokens.json");
  const results: Results = args.includes("--draw")
    ? JSON.parse(readFileSync(saved, "utf8"))
    : await measure(args.includes("--quick"));
  writeFileSync(saved, `${JSON.stringify(results, null, 2)}\n`);
  const chart = join(CACHE, "bench-tokens.svg");
  writeFileSync(chart, drawChart(results));
  if (args.includes("--write")) {
    writeFileSync(join(dirname(DOCUMENT), CHART), drawChart(results));
    writeFileSync(DOCUMENT, withReport(readFileSync(DOCUMENT, "utf8"), toMarkdown(results, CHART)));
  }
  const kept = verdicts(results).every(({ ok }) => ok);
  return { text: `${toText(results)}\nFigures: ${saved}\nChart:   ${chart}\n`, kept };
}

async function measure(quick: boolean): Promise<Results> {
  const packages = await fetchPeers(CACHE);
  const bundle = join(CACHE, `bench-ours-${process.pid}`);
  const keychain = missingSecretServiceCommands().length > 0 ? undefined : await startSecretService();
  try {
    await bundleOurs(bundle);
    const stage = await openStage({ packages, bundle, keychain });
    try {
      const versions = { ...ownVersions(), ...PEER_VERSIONS };
      return await measureAll(stage, versions, quick ? QUICK : FULL, (line) => console.error(line));
    } finally {
      await stage.close();
    }
  } finally {
    await keychain?.stop();
    rmSync(bundle, { recursive: true, force: true });
  }
}

/** Our own version, and OpenClaw's, which is here as the plugin's host. */
function ownVersions(): Record<string, string> {
  const { name, version, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return { [name]: version, openclaw: devDependencies.openclaw };
}
