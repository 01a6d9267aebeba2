/** Prices in USD per million tokens. */
export interface ModelCost {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export interface Model {
  /** As it must be typed: MiniMax's ids are case-sensitive. */
  readonly id: string;
  readonly name: string;
  readonly alias: string;
  readonly reasoning: boolean;
  readonly input: readonly ("text" | "image")[];
  readonly cost: ModelCost;
  /** Tokens. */
  readonly contextWindow: number;
  /** Tokens. */
  readonly maxTokens: number;
}

/** Models whose figures come from one place, read on one day. */
export interface ModelData {
  readonly source: string;
  /** ISO date. */
  readonly readOn: string;
  /** What the source leaves open. */
  readonly note?: string;
  readonly models: readonly Model[];
}

/**
 * The one place for prices, context windows and limits. Prices are the source's own figures per million
 * tokens. A person overrides them in OpenClaw's config (the manual's "Models, prices and limits"); a new sign-in and a
 * preset keep what stands there.
 */
export const MODEL_DATA: readonly ModelData[] = [
  {
    source: "the catalogue bundled with OpenClaw 2026.9.6",
    readOn: "2026-11-22",
    models: [
      {
        id: "MiniMax-M3",
        name: "MiniMax M3",
        alias: "minimax-m3",
        reasoning: true,
        input: ["text", "image"],
        cost: { input: 0.6, output: 2.4, cacheRead: 0.12, cacheWrite: 0 },
        contextWindow: 1_000_000,
        maxTokens: 131_072,
      },
      {
        id: "MiniMax-M2.7",
        name: "MiniMax M2.7",
        alias: "minimax-m2.7",
        reasoning: true,
        input: ["text"],
        cost: { input: 0.3, output: 1.2, cacheRead: 0.06, cacheWrite: 0.375 },
        contextWindow: 204_800,
        maxTokens: 131_072,
      },
      {
        id: "MiniMax-M2.7-highspeed",
        name: "MiniMax M2.7 Highspeed",
        alias: "minimax-m2.7-highspeed",
        reasoning: true,
        input: ["text"],
        cost: { input: 0.6, output: 2.4, cacheRead: 0.06, cacheWrite: 0.375 },
        contextWindow: 204_800,
        maxTokens: 131_072,
      },
    ],
  },
  {
    source: 'the document "MiniMax" of OpenClaw 2026.1, "MiniMax M2.1 (API key)"',
    readOn: "2026-11-22",
    note: "Lightning: the same input price and a higher output price, without a figure; M2.1's stands here.",
    models: [
      {
        id: "MiniMax-M2.1",
        name: "MiniMax M2.1",
        alias: "minimax-m2.1",
        reasoning: false,
        input: ["text"],
        cost: { input: 15, output: 60, cacheRead: 2, cacheWrite: 10 },
        contextWindow: 200_000,
        maxTokens: 8_192,
      },
      {
        id: "MiniMax-M2.1-lightning",
        name: "MiniMax M2.1 Lightning",
        alias: "minimax-m2.1-lightning",
        reasoning: false,
        input: ["text"],
        cost: { input: 15, output: 60, cacheRead: 2, cacheWrite: 10 },
        contextWindow: 200_000,
        maxTokens: 8_192,
      },
    ],
  },
];

/** The model that the same document runs in LM Studio, from its section on LM Studio. */
export const LM_STUDIO_MODEL: Model = {
  id: "minimax-m2.1-gs32",
  name: "MiniMax M2.1 GS32",
  alias: "Minimax",
  reasoning: false,
  input: ["text"],
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  contextWindow: 196_608,
  maxTokens: 8_192,
};

/** The models of the coding plan. */
export const MODELS: readonly Model[] = MODEL_DATA.flatMap(({ models }) => models);

export const DEFAULT_MODEL_ID = "MiniMax-M3";

/** The model that the customer's document sets up. */
export const DOCUMENT_MODEL_ID = "MiniMax-M2.1";
