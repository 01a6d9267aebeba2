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
