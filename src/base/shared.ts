/**
 * A value that exists once in this process: the host evaluates a plugin's modules more than once, and state in
 * a module would exist once for each evaluation.
 * @param name ends with a number that changes with the value's shape, because an update may load beside the
 * version before it
 */
export function shared<T extends object>(name: string, create: () => T): T {
  const key = Symbol.for(`openclaw-minimax-keychain/${name}`);
  const values = globalThis as { [key: symbol]: T | undefined };
  values[key] ??= create();
  return values[key];
}
