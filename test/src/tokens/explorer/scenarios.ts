import type { Guard, Scenario } from "./simulation.ts";

const EXPIRED = -1;
const DUE = 60_000;
const FRESH = 3_000_000;

const base = { signIn: false, requests: 1, leftMs: EXPIRED } as const;

/**
 * What is explored. In all of them: no two calls for one generation while its holder lives; no older
 * generation over a newer one; no sign-in lost but where the server had rotated and the reply or its holder
 * was lost; no quarantine of a good sign-in; nobody waits for ever, and in the end everybody works.
 */
export const SCENARIOS: readonly [string, Scenario][] = [
  [
    "3 processes, the token has ended; any 2 deaths or lost replies",
    { ...base, processes: 3, faults: 2, kinds: ["crash", "lost-reply"] },
  ],
  [
    "3 processes and a sign-in, the token has ended; any death",
    { ...base, processes: 3, signIn: true, faults: 1, kinds: ["crash"] },
  ],
  [
    "3 processes, the token has ended; the server down, the keychain locked, refusing or late, twice in any mixture",
    {
      ...base,
      processes: 3,
      faults: 2,
      kinds: ["server-down", "locked-read", "refused-write", "late-write"],
    },
  ],
  [
    "2 processes and a sign-in, the token has ended; any death, also while a keychain write goes on without its process",
    { ...base, processes: 2, signIn: true, faults: 1, kinds: ["crash", "late write"] },
  ],
  [
    "2 processes, the token is due; any death, lost reply, day forward, day back or hour gone",
    {
      ...base,
      processes: 2,
      faults: 1,
      kinds: ["crash", "lost-reply", "forward", "back", "an-hour"],
      leftMs: DUE,
    },
  ],
  [
    "3 processes with a fresh token that the server ends early; any death besides",
    { ...base, processes: 3, faults: 2, kinds: ["ended-token", "crash"], leftMs: FRESH },
  ],
];

/** Everything at once: a million states, and half an hour. */
export const LARGE: readonly [string, Scenario][] = [
  ...SCENARIOS,
  [
    "2 processes, the token has ended; any 2 of death, lost reply and a day back",
    { ...base, processes: 2, faults: 2, kinds: ["crash", "lost-reply", "back"] },
  ],
  [
    "2 processes and a sign-in, the token is due; any death, lost reply or refused write",
    {
      ...base,
      processes: 2,
      signIn: true,
      faults: 1,
      kinds: ["crash", "lost-reply", "refused-write"],
      leftMs: DUE,
    },
  ],
  [
    "3 processes and a sign-in, the token has ended; any death, lost reply, day forward, day back or hour gone",
    {
      ...base,
      processes: 3,
      signIn: true,
      faults: 1,
      kinds: ["crash", "lost-reply", "forward", "back", "an-hour"],
    },
  ],
  [
    "3 processes, the token has ended; any 3 deaths, lost replies or refused writes",
    { ...base, processes: 3, faults: 3, kinds: ["crash", "lost-reply", "refused-write"] },
  ],
  [
    "3 processes, the token has ended; any 2 deaths, also while a keychain write goes on",
    { ...base, processes: 3, faults: 2, kinds: ["crash", "late write"] },
  ],
  [
    "2 processes and a sign-in, the token has ended; any 2 of death, lost reply, refused and late write",
    {
      ...base,
      processes: 2,
      signIn: true,
      faults: 2,
      kinds: ["crash", "lost-reply", "refused-write", "late-write"],
    },
  ],
];

/** The code under test with one guard taken away, and what the explorer must then find. */
export const UNGUARDED: readonly [string, Guard, Scenario][] = [
  ["the lock", "lock", { ...base, processes: 2, faults: 0, kinds: [] }],
  [
    "the second keychain read, which finds what another process stored",
    "second read",
    { ...base, processes: 2, faults: 0, kinds: [] },
  ],
  [
    "the look at who holds tokens that the keychain refused",
    "holder",
    { ...base, processes: 2, faults: 2, kinds: ["refused-write"] },
  ],
  [
    "the wait for what a dead process was writing",
    "wait",
    { ...base, processes: 2, faults: 1, kinds: ["late write"] },
  ],
];
