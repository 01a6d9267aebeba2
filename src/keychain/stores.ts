interface Store {
  /** For a list of facts, as `status` is. */
  readonly label: string;
  /** For a sentence: "Tokens are in …". */
  readonly place: string;
  /** Whether it is the operating system's own, which `auto` means. */
  readonly isOs: boolean;
}

/**
 * Where a credential can be kept; each store outlives the process. `secret-service` is `@napi-rs/keyring`,
 * pinned to the Secret Service on Linux; on macOS and Windows the same binding uses the system's own store.
 */
export const STORES = {
  keytar: { label: "OS keychain (keytar)", place: "the OS keychain", isOs: true },
  "secret-service": { label: "OS keychain (secret-service)", place: "the OS keychain", isOs: true },
  "encrypted-file": { label: "encrypted file", place: "an encrypted file", isOs: false },
} as const satisfies Record<string, Store>;

export type StoreName = keyof typeof STORES;

/** What a person may choose; `auto` is the OS keychain, by the first binding that works. */
export type TokenStore = "auto" | StoreName;

export const STORE_NAMES = Object.keys(STORES) as readonly StoreName[];

export function isStoreName(text: unknown): text is StoreName {
  return STORE_NAMES.some((name) => name === text);
}

/** The stores that a choice allows, in the order in which they are tried. */
export function storesOf(choice: TokenStore): readonly StoreName[] {
  return choice === "auto" ? STORE_NAMES.filter((name) => STORES[name].isOs) : [choice];
}

/**
 * Whether what one store holds is, item for item, what the other holds, so that deleting from the one
 * deletes from both. On macOS both bindings keep generic passwords in the login keychain; elsewhere they
 * mark their items differently and do not see each other's, so the store of a credential must be remembered.
 */
export function holdSameItems(one: string, other: string, platform = process.platform): boolean {
  if (one === other) return true;
  const areOs = [one, other].every((name) => isStoreName(name) && STORES[name].isOs);
  return platform === "darwin" && areOs;
}
