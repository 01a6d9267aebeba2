/**
 * What the person's config file holds before the host resolves includes and defaults, or undefined
 * without a file. Loaded at need: only a sign-in asks.
 */
export async function authoredConfig(): Promise<unknown> {
  const snapshot = await hostSnapshot();
  return snapshot.exists ? snapshot.parsed : undefined;
}

/** The host's own view of the config file, or of another one that lies in the same folder. */
export async function hostSnapshot(path?: string) {
  const { readConfigFileSnapshotForWrite } = await import("openclaw/plugin-sdk/config-mutation");
  if (path === undefined) return (await readConfigFileSnapshotForWrite()).snapshot;
  // The host takes the path from the environment only.
  const before = process.env.OPENCLAW_CONFIG_PATH;
  process.env.OPENCLAW_CONFIG_PATH = path;
  try {
    return (await readConfigFileSnapshotForWrite({ observe: false })).snapshot;
  } finally {
    if (before === undefined) delete process.env.OPENCLAW_CONFIG_PATH;
    else process.env.OPENCLAW_CONFIG_PATH = before;
  }
}
