import { isAuthError, type PortalAuth, SIGN_IN_COMMAND } from "../../../src/index.ts";

/** Deletes the sign-in. @returns the exit code: 0 done, 1 the keychain could not be asked */
export async function logout(auth: PortalAuth, account: string): Promise<number> {
  try {
    await auth.signOut(account);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    console.error(error.message);
    return 1;
  }
  console.log(
    `Account "${account}" is signed out: its tokens were deleted. Sign in again: ${SIGN_IN_COMMAND}`,
  );
  return 0;
}
