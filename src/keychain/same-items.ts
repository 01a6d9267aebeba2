import type { StoreName } from "./keychain.ts";

const NATIVE: readonly string[] = ["keytar", "secret-service"] satisfies StoreName[];

/**
 * Whether what one store holds is, item for item, what the other holds, so that deleting from the one
 * deletes from both. On macOS both bindings keep generic passwords in the login keychain; elsewhere they
 * mark their items differently and do not see each other's.
 */
export function holdSameItems(one: string, other: string, platform = process.platform): boolean {
  if (one === other) return true;
  return platform === "darwin" && NATIVE.includes(one) && NATIVE.includes(other);
}
