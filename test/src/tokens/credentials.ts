import { Secret } from "../../../src/safety/secret.ts";
import type { Credential } from "../../../src/tokens/credential.ts";
import type { AccountState, CredentialStore, StateFile } from "../../../src/tokens/ports.ts";

export const NOW = 1_800_000_000_000;
export const HOUR = 3_600_000;

/** A credential issued now, valid for an hour. */
export function credential(
  changes: Partial<Omit<Credential, "accessToken" | "refreshToken">> = {},
): Credential {
  const generation = changes.generation ?? 1;
  return {
    account: "default",
    region: "global",
    accessToken: new Secret(`access-${generation}`),
    refreshToken: new Secret(`refresh-${generation}`),
    expiresAt: NOW + HOUR,
    obtainedAt: NOW,
    signedInAt: NOW,
    baseUrl: "https://api.minimax.io/anthropic",
    generation,
    ...changes,
  };
}

export interface MemoryStore extends CredentialStore {
  item: Credential | undefined;
  reads: number;
}

export function memoryStore(item?: Credential): MemoryStore {
  const store: MemoryStore = {
    item,
    reads: 0,
    async read() {
      store.reads++;
      return store.item;
    },
    async write(next) {
      store.item = next;
    },
    async delete() {
      const had = store.item !== undefined;
      store.item = undefined;
      return had;
    },
  };
  return store;
}

type Mutable = { -readonly [Name in keyof AccountState]: AccountState[Name] };

/** The state file's behaviour without a file. */
export function memoryState(): StateFile {
  const rows = new Map<string, Mutable>();
  return {
    get: (account) => rows.get(account),
    put: (state) => void rows.set(state.account, { ...state }),
    moveTo: (account, store) => {
      const row = rows.get(account);
      if (row) row.store = store;
    },
    setIntent: (account, generation) => {
      const row = rows.get(account);
      if (row && generation) row.intent = generation;
      else if (row) delete row.intent;
    },
    quarantine: (account, generation) => {
      const row = rows.get(account);
      if (!row) return;
      row.quarantined = generation;
      delete row.intent;
    },
    delete: (account) => void rows.delete(account),
    close: () => {},
  };
}
