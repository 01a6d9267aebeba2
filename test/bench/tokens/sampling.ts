/** Cost of one awaited call, ns. */
export interface Sample {
  /** Median of batches so long that reading the clock costs nothing beside them. */
  readonly p50: number;
  /** Of single calls, each timed alone, less what reading the clock costs. */
  readonly p99: number;
  readonly calls: number;
}

/** How long each of the two passes goes on, ms. */
const PASS_MS = 800;
const WARM_UP_MS = 300;
const BATCH_NS = 50_000;
const MOST_SINGLES = 400_000;

const nanoseconds = (): number => performance.now() * 1e6;

/** The value below which `share` of the sorted values lie. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

/** What two readings of the clock put on a call, ns. */
function clockCost(): number {
  const costs = new Float64Array(20_000);
  for (let index = 0; index < costs.length; index++) {
    const start = nanoseconds();
    costs[index] = nanoseconds() - start;
  }
  return quantile(costs.sort(), 0.5);
}

/** What a request does: it asks, and takes the text out of the answer. */
interface Asking<Answer> {
  readonly ask: () => Promise<Answer>;
  readonly textOf: (answer: Answer) => string;
  /** Adds up what was read, so that reading it cannot be left out. */
  length: number;
}

/** ns per call. */
async function batchOf<Answer>(asking: Asking<Answer>, size: number): Promise<number> {
  const { ask, textOf } = asking;
  let length = 0;
  const start = nanoseconds();
  for (let index = 0; index < size; index++) length += textOf(await ask()).length;
  const taken = nanoseconds() - start;
  asking.length += length;
  return taken / size;
}

/** The same for every contender: warm up, then batches for the median, then single calls for the tail. */
export async function sample<Answer>(
  ask: () => Promise<Answer>,
  textOf: (answer: Answer) => string,
): Promise<Sample> {
  const asking = { ask, textOf, length: 0 };
  let perCall = await batchOf(asking, 1);
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end; ) {
    perCall = await batchOf(asking, perCall > BATCH_NS ? 1 : 64);
  }
  const size = Math.max(1, Math.round(BATCH_NS / perCall));
  const batches: number[] = [];
  for (const end = performance.now() + PASS_MS; performance.now() < end; ) {
    batches.push(await batchOf(asking, size));
  }
  const singles = new Float64Array(MOST_SINGLES);
  const cost = clockCost();
  let count = 0;
  for (const end = performance.now() + PASS_MS; performance.now() < end && count < MOST_SINGLES; count++) {
    singles[count] = (await batchOf(asking, 1)) - cost;
  }
  const tail = quantile(singles.subarray(0, count).sort(), 0.99);
  return { p50: median(batches), p99: Math.max(0, tail), calls: batches.length * size + count };
}
