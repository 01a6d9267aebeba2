// Makes one request with the process's own environment, and prints the answer or the error's code.

import { isAuthError } from "../../../src/base/error.ts";
import { createHttp } from "../../../src/http/http.ts";

try {
  const response = await createHttp({ env: process.env, deadlineMs: 10_000 })(process.argv[2] ?? "", {});
  console.log(response.status, await response.text());
} catch (error) {
  console.log(isAuthError(error) ? error.message : `not an AuthError: ${error}`);
}
process.exit();
