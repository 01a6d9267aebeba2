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

/**
 * The models of the coding plan. Source: OpenClaw 2026.9.6's catalogue for M3 and M2.7, the customer's
 * document for M2.1; read in November 2026. Lightning: "as M2.1, dearer output", without a figure.
 */
export const MODELS: readonly Model[] = [
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
];

export const DEFAULT_MODEL_ID = "MiniMax-M3";
