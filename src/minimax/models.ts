import { MODEL_DATA } from "./model-data.ts";

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

/** The models of the coding plan. */
export const MODELS: readonly Model[] = MODEL_DATA.flatMap(({ models }) => models);

export const DEFAULT_MODEL_ID = "MiniMax-M3";

/** The model that the customer's document sets up. */
export const DOCUMENT_MODEL_ID = "MiniMax-M2.1";
