/** Whether a process may still cause a prompt that nobody has asked it for. */
export interface Prompting {
  /** A prompt was shown, and the keyring stayed locked. */
  isOver: boolean;
}

// On globalThis because the host loads a plugin's modules more than once in one process.
const PROMPTING = Symbol.for("openclaw-minimax-keychain.prompting");

interface Shared {
  [PROMPTING]?: Map<string, Prompting>;
}

/** One for each session bus: its keyring shows the prompts. */
export function promptingOf(env: NodeJS.ProcessEnv): Prompting {
  const shared = globalThis as Shared;
  shared[PROMPTING] ??= new Map();
  const bus = env.DBUS_SESSION_BUS_ADDRESS ?? env.XDG_RUNTIME_DIR ?? "";
  const known = shared[PROMPTING].get(bus) ?? { isOver: false };
  shared[PROMPTING].set(bus, known);
  return known;
}
