import type { ContenderId } from "./job.ts";
import type { Machine } from "./machine.ts";
import type { Sample } from "./sampling.ts";

export interface Stampede {
  readonly calls: number;
  /** Until the last waiter has its token. */
  readonly ms: number;
  /** Callers that got a token the server accepts. */
  readonly live: number;
}

type By<Value> = Partial<Record<ContenderId, Value>>;

/** What one run found. A contender without a value has its reason in `notes`. Times: ns in samples, else ms. */
export interface Results {
  readonly at: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly fresh: By<Sample>;
  /** Token endpoint hanging, token inside the refresh window; null: the request waits for the endpoint. */
  readonly due: By<Sample | null>;
  readonly stampede: By<Stampede>;
  readonly race: By<Record<number, Stampede>>;
  readonly cold: By<number>;
  /** Bytes. */
  readonly memory: By<number>;
  /** Ours with its tokens in a real keychain: keytar and a Secret Service. */
  readonly keychain: { readonly cold?: number; readonly stampede?: Stampede };
  readonly request?: { readonly wrapped: Sample; readonly bare: Sample };
  /** A process that does nothing, from start to its first message. */
  readonly emptyProcessMs: number;
  readonly notes: readonly { readonly contender: ContenderId; readonly row: string; readonly why: string }[];
}
