// What a keychain binding can need. Everything else stays out: NODE_OPTIONS could load code into the child,
// and other programs' secrets have no business there.
const NEEDED = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "DBUS_SESSION_BUS_ADDRESS",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  // Where Nix and the like keep libsecret.
  "LD_LIBRARY_PATH",
  // macOS
  "__CF_USER_TEXT_ENCODING",
  "SECURITYSESSIONID",
  // Windows
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "USERNAME",
  "USERDOMAIN",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "TEMP",
  "TMP",
]);
const NEEDED_PREFIXES = ["XDG_"];
// What the bindings say is understood in English only.
const LOCALE = { LC_ALL: "C.UTF-8" };

/** The part of `env` that a keychain child gets. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => isNeeded(name))), ...LOCALE };
}

// Without regard to case: Windows writes `Path` and `SystemRoot`.
function isNeeded(name: string): boolean {
  const upper = name.toUpperCase();
  return NEEDED.has(upper) || NEEDED_PREFIXES.some((prefix) => upper.startsWith(prefix));
}
