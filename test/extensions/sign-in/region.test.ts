import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type ChosenRegion,
  chooseRegion,
  endpointNotice,
} from "../../../extensions/minimax-keychain/sign-in/region.ts";
import type { AccountStatus, RegionId } from "../../../src/index.ts";
import { authError } from "../../support/auth-error.ts";

/** The places where a sign-in begins: what each is given for a question. */
const PLACES = {
  "onboarding in a terminal": { option: "--minimax-region", asks: true, asksAgain: true },
  "onboarding in a script": { option: "--minimax-region", asks: false, asksAgain: false },
  "login in a terminal": { option: "--region", asks: true, asksAgain: false },
  "login in a script": { option: "--region", asks: false, asksAgain: false },
  "a chat": { option: "/minimax-login", asks: false, asksAgain: false },
} as const;
type Place = keyof typeof PLACES;

interface Known {
  readonly typed?: string | undefined;
  readonly setting?: RegionId;
  readonly variable?: string;
  readonly last?: string;
}

const auth = (region: string | undefined) => ({
  accounts: async () => ["default"],
  status: async () => (region === undefined ? undefined : ({ region } as AccountStatus)),
});

/** What is chosen, and what was preselected in the question, if one was asked; its answer is `answer`. */
async function choose(place: Place, { typed, setting, variable, last }: Known, answer: RegionId = "cn") {
  const { option, asks, asksAgain } = PLACES[place];
  let preselected: RegionId | undefined;
  const ask = async (shown: RegionId) => {
    preselected = shown;
    return answer;
  };
  const chosen = await chooseRegion(
    { auth: auth(last), config: setting ? { region: setting } : {} },
    { option, typed, account: "default", ask: asks ? ask : undefined, asksAgain },
    variable === undefined ? {} : { MINIMAX_REGION: variable },
  );
  return { ...chosen, preselected };
}

const EVERYTHING = { typed: "cn", setting: "cn", variable: "cn", last: "cn" } as const;

/** The one order, in every place: each row has something else at each rank below. */
const ORDER: readonly (readonly [Known, ChosenRegion])[] = [
  [
    { ...EVERYTHING, typed: "global" },
    { region: "global", from: "typed" },
  ],
  [
    { ...EVERYTHING, typed: undefined, setting: "global" },
    { region: "global", from: "setting" },
  ],
  [
    { variable: "global", last: "cn" },
    { region: "global", from: "variable" },
  ],
];

for (const place of Object.keys(PLACES) as Place[]) {
  describe(`the endpoint of ${place}`, () => {
    for (const [known, chosen] of ORDER) {
      test(`is ${chosen.from} before everything below it, without a question`, async () => {
        assert.deepEqual(await choose(place, known), { ...chosen, preselected: undefined });
      });
    }

    test("is not the variable when it is empty", async () => {
      assert.notEqual((await choose(place, { variable: "" })).from, "variable");
    });

    test("a wrong value names the option of this place", async () => {
      const { option } = PLACES[place];
      for (const wrong of [{ typed: "moon" }, { variable: "moon" }]) {
        await assert.rejects(choose(place, wrong), (error: Error) => {
          assert.ok(authError("region_unknown")(error));
          const next = `Use \`${option} global\` (api.minimax.io) or \`${option} cn\` (api.minimaxi.com).`;
          assert.ok(error.message.includes(next), error.message);
          return true;
        });
      }
    });
  });
}

/** What a place does without a wish of the person's: with the account's last endpoint, and without. */
const WITHOUT_A_WISH: readonly (readonly [
  Place,
  last: string | undefined,
  ...(RegionId | string | undefined)[],
])[] = [
  ["onboarding in a terminal", "cn", "global", "asked", "cn"],
  ["onboarding in a terminal", undefined, "global", "asked", "global"],
  ["onboarding in a script", "cn", "cn", "last", undefined],
  ["onboarding in a script", undefined, "global", "default", undefined],
  ["login in a terminal", "cn", "cn", "last", undefined],
  ["login in a terminal", undefined, "global", "asked", "global"],
  ["login in a script", "cn", "cn", "last", undefined],
  ["login in a script", undefined, "global", "default", undefined],
  ["a chat", "cn", "cn", "last", undefined],
  ["a chat", undefined, "global", "default", undefined],
];

for (const [place, last, region, from, preselected] of WITHOUT_A_WISH) {
  test(`${place}, signed in ${last ? `to ${last}` : "nowhere"} before: ${region} (${from})`, async () => {
    assert.deepEqual(await choose(place, last ? { last } : {}, "global"), { region, from, preselected });
  });
}

test("where an account was not signed in before, nothing is its last endpoint", async () => {
  const broken = { ...auth("cn"), accounts: () => Promise.reject(new Error("no state")) };
  for (const [known, account] of [
    [auth("cn"), "work"],
    [auth(undefined), "default"],
    [auth("moon"), "default"],
    [broken, "default"],
  ] as const) {
    const request = { option: "--region", typed: undefined, account } as const;
    assert.equal((await chooseRegion({ auth: known, config: {} }, request, {})).from, "default");
  }
});

test("an endpoint that nobody was asked for is named, with the option for the other one", () => {
  assert.equal(
    endpointNotice("global", "--region"),
    "Endpoint: Global (api.minimax.io). For China: --region cn",
  );
  assert.equal(
    endpointNotice("cn", "--minimax-region"),
    "Endpoint: CN (api.minimaxi.com). For Global: --minimax-region global",
  );
});
