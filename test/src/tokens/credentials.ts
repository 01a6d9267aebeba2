import { Secret } from "../../../src/base/secret.ts";
import type { OpenState } from "../../../src/state/state.ts";
import type { Credential } from "../../../src/tokens/credential.ts";
import { emptyMemory, type SessionMemory } from "../../../src/tokens/session-memory.ts";
import type { AccountState, CredentialStore, StateFile } from "../../../src/tokens/types.ts";

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

/** The memory of a process that keeps its token fresh, as a gateway does. */
export const gatewayMemory = (): SessionMemory => ({ ...emptyMemory(), backgroundRefreshers: 1 });

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

/** The state file's behaviour without a file. */
export function memoryState(): Pick<OpenState, keyof StateFile> & { readonly outcomes: string[] } {
  const rows = new Map<string, AccountState>();
  const outcomes: string[] = [];
  const change = (account: string, edit: (row: AccountState) => AccountState) => {
    const row = rows.get(account);
    if (row) rows.set(account, edit(row));
  };
  return {
    outcomes,
    get: (account) => rows.get(account),
    put: (state, outcome) => {
      rows.set(state.account, { ...state });
      if (outcome) outcomes.push(outcome.code);
    },
    moveTo: (account, store) => change(account, (row) => ({ ...row, store })),
    setIntent: (account, intent) => change(account, (row) => ({ ...row, intent })),
    quarantine: (account, quarantined, { code }) => {
      outcomes.push(code);
      change(account, ({ intent: _, trouble: __, ...row }) => ({
        ...row,
        quarantined,
        generationId: quarantined,
      }));
    },
    fail: (account, trouble, endIntent, { code }) => {
      outcomes.push(code);
      change(account, ({ intent, ...row }) => ({
        ...row,
        trouble,
        ...(intent && !endIntent ? { intent } : {}),
      }));
    },
    setHolder: (account, heldBy, { code }) => {
      outcomes.push(code);
      change(account, (row) => ({ ...row, heldBy }));
    },
    delete: (account) => void rows.delete(account),
  };
}
