// What OpenClaw runs for a SecretRef that names this package's provider: it asks on stdin and reads the
// key from stdout (its docs, "SecretRef contract and provider config", exec). Nothing else is printed.

import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { reveal } from "../base/secret.ts";
import { CHILD_FILE } from "../keychain/index.ts";
import { userStateDirectory } from "../state/directory.ts";
import { API_KEY_REF, createApiKeys } from "./api-key.ts";

async function answer(): Promise<object> {
  const { ids = [] } = JSON.parse(await text(process.stdin)) as { ids?: string[] };
  const keys = createApiKeys({
    keychainChild: join(dirname(process.argv[1] ?? ""), CHILD_FILE),
    stateDirectory: userStateDirectory(process.env, process.platform),
    env: process.env,
  });
  const key = ids.includes(API_KEY_REF.id) ? await keys.read() : undefined;
  const values = key ? { [API_KEY_REF.id]: reveal(key) } : {};
  const missing = ids.filter((id) => !(id in values));
  const errors = Object.fromEntries(missing.map((id) => [id, { code: "NOT_FOUND" }]));
  return { protocolVersion: 1, values, errors };
}

answer().then(
  (response) => process.stdout.write(JSON.stringify(response)),
  () => {
    // The host shows the exit code and nothing that a resolver prints.
    process.exitCode = 1;
  },
);
