import type { Campaign } from "./campaign.ts";

/** What a campaign came to, in words. */
export function summary({ runs, kills, broken, detectedMs }: Campaign): string {
  const byKind = new Map<string, number>();
  for (const [point, count] of kills) {
    const kind = point.split(":")[0] ?? "";
    byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  }
  const total = [...kills.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...byKind].map(([kind, count]) => `${count} at ${kind}`).join(", ");
  const sorted = detectedMs.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return [
    `${runs} runs, ${total} kills at ${kills.size} different points (${kinds})`,
    `sign-ins lost that could be kept: ${broken.length}`,
    `killed between the server's rotation and the keychain, which nothing can close: ${sorted.length}` +
      (sorted.length > 0
        ? `; told at the next request, after ${at(0.5)} ms (median), ${at(0.99)} ms (p99), ${at(1)} ms at most; after more than a second: ${sorted.filter((ms) => ms > 1_000).length}`
        : ""),
    ...broken,
  ].join("\n");
}
