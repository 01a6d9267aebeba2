/**
 * What the person's config file holds before the host resolves includes and defaults, or undefined
 * without a file. Loaded at need: only a sign-in asks.
 */
export async function authoredConfig(): Promise<unknown> {
  const { readConfigFileSnapshotForWrite } = await import("openclaw/plugin-sdk/config-mutation");
  const { snapshot } = await readConfigFileSnapshotForWrite();
  return snapshot.exists ? snapshot.parsed : undefined;
}
