/** Measures one thing once; resolves with the figure. */
export type Measure = () => Promise<number>;

/**
 * Runs each measurement `times` times, in turns, so that what else the machine does meets all of them
 * alike. One round before that fills caches and is not counted.
 */
export async function inTurns<Name extends string>(
  measures: Readonly<Record<Name, Measure>>,
  times: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measures) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round <= times; round++) {
    for (const name of names) {
      const value = await measures[name]();
      if (round > 0) results[name].push(value);
    }
  }
  return results;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("No values, no median.");
  return (lower + upper) / 2;
}

/** "2.11 to 2.34", for a reader who wonders how steady the machine was. */
export function spread(values: readonly number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}
