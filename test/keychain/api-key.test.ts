import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startSecretService } from "../../fixtures/secret-service/start.ts";
import { createApiKeys } from "../../src/api-key/api-key.ts";
import { reveal, Secret } from "../../src/base/secret.ts";
import { openKeychain } from "../../src/keychain/index.ts";
import { CHILD_PATH, NEEDS_SERVICE, optionsFor } from "./real-service.ts";

describe("an API key in the keychain", NEEDS_SERVICE, () => {
  test("that goes to another store leaves no older one behind", async (t) => {
    const service = await startSecretService();
    t.after(() => service.stop());
    const { env, directory } = optionsFor(service);
    const common = { keychainChild: CHILD_PATH, stateDirectory: directory, env };
    const inKeytar = createApiKeys({ ...common, tokenStore: "keytar" });
    assert.equal(await inKeytar.save(new Secret("sk-api-first-key")), "keytar");
    const keys = createApiKeys({ ...common, tokenStore: "secret-service" });
    assert.equal(await keys.save(new Secret("sk-api-second-key")), "secret-service");
    assert.equal(reveal((await keys.read()) ?? assert.fail()), "sk-api-second-key");
    assert.equal(await keys.remove(), true);
    assert.equal(await openKeychain("keytar", optionsFor(service)).get("api-key:minimax"), undefined);
  });
});
