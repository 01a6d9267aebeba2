import { type Credential, generationId } from "./credential.ts";

export function isSameSignIn(one: Credential, other: Credential): boolean {
  return one.signedInAt === other.signedInAt && one.region === other.region;
}

/** Whether both are the same tokens. The number tells them apart where the server keeps the refresh token. */
export function isSameGeneration(one: Credential, other: Credential): boolean {
  return (
    one.generation === other.generation &&
    isSameSignIn(one, other) &&
    generationId(one) === generationId(other)
  );
}

/** The keychain's credential, unless `held` is a later one of the same sign-in that it refused to take. */
export function latest(stored: Credential | undefined, held: Credential): Credential {
  if (!stored) return held;
  return isSameSignIn(stored, held) && held.generation > stored.generation ? held : stored;
}
