// Makes one request with the process's own environment, and prints the answer or the error's code.
import { createHttp } from "../../../src/oauth/http.ts";
import { isAuthError } from "../../../src/safety/error.ts";

try {
  const response = await createHttp({ env: process.env, deadlineMs: 10_000 })(process.argv[2] ?? "", {});
  console.log(response.status, await response.text());
} catch (error) {
  console.log(isAuthError(error) ? error.message : `not an AuthError: ${error}`);
}
process.exit();
