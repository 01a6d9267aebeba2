import { isAuthError, type PortalAuth, SIGN_IN_COMMAND } from "../../../src/index.ts";

/** Deletes the sign-in. @returns the exit code: 0 done, 1 the keychain did not delete anything */
export async function logout(auth: PortalAuth, account: string): Promise<number> {
  try {
    if (!(await auth.signOut(account))) {
      console.log(`The keychain has no sign-in of account "${account}", or it is locked.`);
      console.log("If it may be locked, unlock it and run `openclaw minimax-portal logout` again.");
      return 1;
    }
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
