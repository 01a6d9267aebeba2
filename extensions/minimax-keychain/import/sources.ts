import type { PlainLogin, RegionId } from "../../../src/index.ts";

/** A login that was found, and how to take it out of its place. */
export interface FoundLogin {
  readonly from: PlaceId;
  /** The file, for the person. */
  readonly place: string;
  /** Undefined where it is there, but is no login that can be used. */
  readonly login: PlainLogin | undefined;
  /** The endpoint, where the program that keeps it names one. */
  readonly region: RegionId | undefined;
  /** Takes it out of its place. @throws Error when it is still there */
  readonly remove: () => Promise<void>;
}

/** As `--from` names it. */
export type PlaceId = "openclaw" | "mmx" | "minimax-cli";

/** A place where another program keeps MiniMax logins in plain text. */
export interface PlainLoginSource {
  readonly id: PlaceId;
  /** For the person. */
  readonly label: string;
  /** The doctor's code for a login in this place. */
  readonly code: string;
  /** Looks without changing anything. */
  readonly find: () => Promise<readonly FoundLogin[] | "unreadable">;
}
