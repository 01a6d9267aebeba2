/**
 * What a config is to hold: objects are merged into it, everything else takes the place of what stands there;
 * nothing is removed.
 */
export type Patch = Readonly<Record<string, unknown>>;

/** Whether a value has names of its own below it, as a patch has; a list has none. */
export const isObject = (value: unknown): value is Patch =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** All of the patches in one; where two want something else, the later one has its way. */
export function merge(...patches: readonly Patch[]): Patch {
  const result: Record<string, unknown> = {};
  for (const patch of patches) {
    for (const [name, value] of Object.entries(patch)) {
      const before = result[name];
      result[name] = isObject(before) && isObject(value) ? merge(before, value) : value;
    }
  }
  return result;
}

/** What lies at a path of a config that somebody may have edited into anything. */
export function at(config: unknown, ...path: readonly string[]): unknown {
  let node = config;
  for (const key of path) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  return node;
}

/** The default model of a config, in either form that OpenClaw accepts. */
export function defaultModelIn(config: unknown): string | undefined {
  const model = at(config, "agents", "defaults", "model");
  const primary = typeof model === "string" ? model : at(model, "primary");
  return typeof primary === "string" ? primary : undefined;
}
