import { MODEL_DATA, type Model } from "./models/models.ts";

/** The models of the coding plan. */
export const MODELS: readonly Model[] = MODEL_DATA.flatMap(({ models }) => models);

export const DEFAULT_MODEL_ID = "MiniMax-M3";

/** The model that the customer's document sets up. */
export const DOCUMENT_MODEL_ID = "MiniMax-M2.1";
