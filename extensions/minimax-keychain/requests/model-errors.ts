import type { ProviderPlugin } from "openclaw/plugin-sdk/plugin-entry";
import { checkModelId, DEFAULT_MODEL_ID, MODELS, meaningIn, SIGN_IN_COMMAND } from "../../../src/index.ts";
import { PORTAL_PROVIDER_ID } from "../names.ts";

type FailoverContext = Parameters<NonNullable<ProviderPlugin["classifyFailoverReason"]>>[0];

const UNKNOWN_MODEL = /(?=[\s\S]*not_found_error)[\s\S]*\bmodel\b|unknown model/i;
const REFUSED = /^40[04]\b|invalid_request_error|not_found_error/;
/** What our own sentences end with. */
const OURS = /\[(?:model_unknown|model_not_in_plan|plan_missing)\]/;

const set = (id: string) => `\`openclaw models set ${PORTAL_PROVIDER_ID}/${id}\``;

/** Why there is no such model, and the command that mends it; undefined where the id is right. */
export function unknownModelHint(modelId: string): string | undefined {
  const finding = checkModelId(modelId);
  switch (finding.kind) {
    case "known":
      return undefined;
    case "wrong-case":
      return `MiniMax tells upper from lower case: the model is called ${finding.id}. Choose it with ${set(finding.id)}.`;
    case "typo":
      return `Perhaps ${finding.id} is meant: ${set(finding.id)}.`;
    case "unknown":
      return `MiniMax's models are ${MODELS.map(({ id }) => id).join(", ")}. Choose one with ${set(DEFAULT_MODEL_ID)}.`;
  }
}

/** For the host's own "Unknown model: …", which it says only where no provider block is there. */
export function notConfiguredHint(modelId: string): string {
  const id = checkModelId(modelId).kind === "known" ? "" : ` ${unknownModelHint(modelId)}`;
  return `MiniMax's coding plan is not set up in this config: \`${SIGN_IN_COMMAND}\`.${id}`;
}

/** The server's error about a model as a sentence with a way out; undefined for any other error. */
export function explainModelError(modelId: string, message: string): string | undefined {
  if (meaningIn(message) === "model_not_in_plan") {
    return `Your MiniMax coding plan does not include ${modelId}. The sign-in is kept. Choose another model, ${set(other(modelId))}, or another plan. [model_not_in_plan]`;
  }
  if (!UNKNOWN_MODEL.test(message)) return mayBeTheModel(modelId, message);
  const hint =
    unknownModelHint(modelId) ??
    `MiniMax does not serve it at this endpoint. Choose another with ${set(other(modelId))}.`;
  return `MiniMax does not know the model ${modelId}. ${hint} [model_unknown]`;
}

/**
 * For a model it does not know the host leaves out a field, and the refusal may be about that. The server's
 * words stay, because the id may be a new model's; the hint comes first, because they are long.
 */
function mayBeTheModel(modelId: string, message: string): string | undefined {
  const { kind } = checkModelId(modelId);
  if (kind !== "wrong-case" && kind !== "typo") return undefined;
  return REFUSED.test(message)
    ? `MiniMax refused the request. ${unknownModelHint(modelId)} Its answer: ${message} [model_unknown]`
    : undefined;
}

/** The same model would get the same answer again: the host then goes on to the fallback at once. */
export function classifyModelError({ errorMessage, code, errorType }: FailoverContext) {
  const message = [errorMessage, code, errorType].join(" ");
  const meaning = meaningIn(message);
  const isOfModel = OURS.test(message) || meaning === "model_not_in_plan" || meaning === "plan_missing";
  return isOfModel ? "model_not_found" : undefined;
}

const other = (modelId: string) =>
  modelId === DEFAULT_MODEL_ID ? (MODELS.find(({ id }) => id !== modelId)?.id ?? modelId) : DEFAULT_MODEL_ID;
