import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accountIn,
  accountToSignIn,
  configuredAccount,
  placeholderFor,
} from "../../../extensions/minimax-keychain/config/account.ts";

test("a person's own key, and anything that only looks like a placeholder, names no account", () => {
  const others = [
    "sk-abc",
    "",
    "minimax-keychain:",
    "minimax-keychain:../../x",
    "minimax-keychain: a",
    undefined,
    7,
    {},
  ];
  for (const key of others) assert.equal(accountIn(key), undefined);
});

test("the placeholder names its account", () => {
  assert.equal(accountIn(placeholderFor("work.2")), "work.2");
});

test("the account is found in the config, however little of a config there is", () => {
  assert.equal(configuredAccount(undefined), undefined);
  assert.equal(configuredAccount({ models: {} }), undefined);
  const providers = { "minimax-portal": { apiKey: "minimax-keychain:work" } };
  assert.equal(configuredAccount({ models: { providers } }), "work");
});

test("a sign-in renews the account in use: `default` may be another person's, and is not to be replaced", () => {
  const work = { models: { providers: { "minimax-portal": { apiKey: "minimax-keychain:work" } } } };
  assert.equal(accountToSignIn({}, work), "work");
  assert.equal(accountToSignIn({ account: "set" }, work), "set");
  assert.equal(accountToSignIn({}, {}), "default");
});
