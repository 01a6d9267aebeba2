import { Secret } from "../../../../src/base/secret.ts";
import type { IssuedTokens } from "../../../../src/tokens/types.ts";

export const LIFE_MS = 3_600_000;

/** The tokens of one sign-in. Only the last refresh token is good; an older one, used again, ends them all. */
interface Family {
  alive: boolean;
  current: number;
  /** When each access token ends, true time, ms. */
  readonly ends: number[];
}

/** Who used a refresh token, and whether they are known to have got the answer. */
interface Use {
  readonly by: number;
  answered: boolean;
}

/** An authorization server with strict rotation and revocation on reuse. Time is true time. */
export class ModelServer {
  readonly families: Family[] = [];
  readonly uses = new Map<string, Use>();

  signIn(now: number): number {
    this.families.push({ alive: true, current: 0, ends: [now + LIFE_MS] });
    return this.families.length - 1;
  }

  /** @returns whether the refresh token was good; it is spent then. */
  refresh(token: string, by: number, now: number): boolean {
    const [family, generation] = this.#parse(token);
    if (generation !== family.current) family.alive = false;
    if (!family.alive) return false;
    this.uses.set(token, { by, answered: false });
    family.current++;
    family.ends[family.current] = now + LIFE_MS;
    return true;
  }

  accepts(accessToken: string, now: number): boolean {
    const [family, generation] = this.#parse(accessToken);
    return family.alive && now < (family.ends[generation] ?? 0);
  }

  /** Whether somebody holding this refresh token is signed in. */
  isGood(refreshToken: string): boolean {
    const [family, generation] = this.#parse(refreshToken);
    return family.alive && generation === family.current;
  }

  key(start: number): string {
    return this.families
      .map(({ alive, current, ends }) => `${alive}${current}:${ends.map((end) => end - start)}`)
      .join("/");
  }

  #parse(token: string): [Family, number] {
    const [, family, generation] = token.split("-").map(Number);
    return [this.families[family ?? -1] as Family, generation ?? -1];
  }
}

/** The tokens of a generation, as their holder gets them at `wall`. */
export function tokensOf(
  family: number,
  generation: number,
  wall: number,
): Required<Pick<IssuedTokens, "accessToken" | "refreshToken" | "expiresAt">> {
  return {
    accessToken: new Secret(`access-${family}-${generation}`),
    refreshToken: new Secret(`refresh-${family}-${generation}`),
    expiresAt: wall + LIFE_MS,
  };
}
