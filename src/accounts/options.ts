import type { Clock } from "../base/clock.ts";
import type { KeychainOptions, TokenStore } from "../keychain/index.ts";
import type { EndpointOverrides, RegionId } from "../minimax/regions.ts";
import type { PendingSignIn, WaitState } from "../tokens/types.ts";

export interface AuthOptions {
  /** The script that makes the keychain calls, see `keychain/`. */
  readonly keychainChild: string;
  /** Where the state file and the encrypted file lie. */
  readonly stateDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly tokenStore?: TokenStore;
  readonly endpoints?: EndpointOverrides;
  readonly clock?: Clock;
  readonly replaceStore?: KeychainOptions["replaceStore"];
}

export interface SignInRequest {
  readonly account: string;
  readonly region: RegionId;
  readonly show: (pending: PendingSignIn) => Promise<void>;
  readonly onWait: (wait: WaitState) => void;
  readonly signal?: AbortSignal | undefined;
  /** Throws when the person may no longer sign in; asked before every effect. */
  readonly assertCurrent?: () => void;
}
