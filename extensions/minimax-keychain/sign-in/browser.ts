/**
 * Opens `url` in the person's browser, where there is one: not over SSH, not in CI, not without a
 * display. Never fails: the person has the URL in front of them.
 * @returns whether a browser was asked to open it
 */
export async function openBrowser(
  url: string,
  env: NodeJS.ProcessEnv,
  platform = process.platform,
): Promise<boolean> {
  const display = platform === "darwin" || platform === "win32" || env.DISPLAY || env.WAYLAND_DISPLAY;
  if (!display || env.CI || env.SSH_CONNECTION) return false;
  try {
    const { default: open } = await import("open");
    const child = await open(url);
    child.on("error", () => {});
    child.unref();
    return true;
  } catch {
    return false;
  }
}
