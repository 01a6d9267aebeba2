import { MODELS } from "./models.ts";

const OUR_IDS = MODELS.map(({ id }) => id);

/** An id further away than this is another model's name rather than a typo. */
const FARTHEST = 2;

/** How a model id relates to the ones we know. */
export type ModelIdFinding =
  | { readonly kind: "known" }
  /** Right but for upper and lower case, which MiniMax tells apart. */
  | { readonly kind: "wrong-case"; readonly id: string }
  | { readonly kind: "typo"; readonly id: string }
  | { readonly kind: "unknown" };

/** What is wrong with a model id (without the provider before it), and the id that was probably meant. */
export function checkModelId(id: string, known: readonly string[] = OUR_IDS): ModelIdFinding {
  if (known.includes(id)) return { kind: "known" };
  const written = id.trim().toLowerCase();
  const sameLetters = known.find((each) => each.toLowerCase() === written);
  if (sameLetters !== undefined) return { kind: "wrong-case", id: sameLetters };
  const [nearest] = known
    .filter((each) => !isOtherVersion(written, each.toLowerCase()))
    .map((each) => ({ each, distance: distanceBetween(written, each.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  // Of a short name a few changes leave nothing.
  const farthest = Math.min(FARTHEST, (written.length - 1) / 2);
  return nearest && nearest.distance <= farthest ? { kind: "typo", id: nearest.each } : { kind: "unknown" };
}

/** The id that was probably meant: itself, in the right case, or the one the fewest changes away. */
export function nearestModelId(id: string, known?: readonly string[]): string | undefined {
  const finding = checkModelId(id, known);
  if (finding.kind === "known") return id;
  return finding.kind === "unknown" ? undefined : finding.id;
}

/** The same name with another number: a model that is newer than this plugin, say, and no typo. */
function isOtherVersion(written: string, id: string): boolean {
  const letters = (text: string) => text.replace(/[^a-z]/g, "");
  const digits = (text: string) => text.replace(/\D/g, "");
  const named = [written, `minimax-${written}`].some((each) => letters(each) === letters(id));
  return named && digits(written) !== digits(id);
}

/** People leave MiniMax's name out: "m2.1" is near to no id, and "minimax-m2.1" is. */
function distanceBetween(written: string, id: string): number {
  return Math.min(editDistance(written, id), editDistance(`minimax-${written}`, id));
}

/** Levenshtein's distance: the fewest insertions, deletions and replacements from one text to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
