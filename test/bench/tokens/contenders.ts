import type { ContenderId } from "./job.ts";

type Row = "due" | "stampede" | "race" | "cold";

/** What the parent process knows of a contender. */
export interface ContenderInfo {
  readonly short: string;
  /** The npm package, and what of it is called. */
  readonly package: string;
  readonly call: string;
  /** Whether it needs a store on disk for everything, only to be shared by processes, or has none. */
  readonly store: "always" | "for processes" | "none";
  /** Most processes at once; each must fit into the memory of an ordinary machine. */
  readonly mostProcesses: number;
  /** Rows it has no answer to, and why. */
  readonly cannot: Partial<Record<Row, string>>;
}

const IN_MEMORY = "it keeps tokens in memory; storing and sharing them is left to the caller";

export const INFO: Readonly<Record<ContenderId, ContenderInfo>> = {
  ours: {
    short: "ours",
    package: "openclaw-minimax-keychain",
    call: "token",
    store: "always",
    mostProcesses: 64,
    cannot: {},
  },
  google: {
    short: "google",
    package: "google-auth-library",
    call: "getAccessToken",
    store: "none",
    mostProcesses: 0,
    cannot: { race: IN_MEMORY, cold: IN_MEMORY },
  },
  octokit: {
    short: "octokit",
    package: "@octokit/auth-oauth-device",
    call: 'auth({ type: "oauth" })',
    store: "none",
    mostProcesses: 0,
    cannot: {
      due: "it has no refresh window: it serves the token it has, ended or not",
      stampede: "it never refreshes: it serves the ended token",
      race: IN_MEMORY,
      cold: "it stores nothing: a new process asks the person for a new device code",
    },
  },
  msal: {
    short: "msal",
    package: "@azure/msal-node",
    call: "acquireTokenSilent",
    store: "for processes",
    mostProcesses: 64,
    cannot: {},
  },
  aws: {
    short: "aws sso",
    package: "@aws-sdk/token-providers",
    call: "nodeProvider",
    store: "always",
    mostProcesses: 64,
    cannot: {},
  },
  openclaw: {
    short: "openclaw",
    package: "openclaw",
    call: "resolveApiKeyForProfile",
    store: "always",
    mostProcesses: 8,
    cannot: {},
  },
};
