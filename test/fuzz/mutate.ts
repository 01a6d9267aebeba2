/** Whole numbers below `limit`, from 0, the same for the same seed. */
export type Random = (limit: number) => number;

/** Mulberry32: 32 bits of state, which is plenty for choosing bytes. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What parsers have stumbled over before. */
const WORDS = [
  ...['"__proto__":', '"constructor":', "null", "true", "1e999", "-1", "0", "1e308", "9007199254740993"],
  ...['""', "{}", "[]", "[[[[[[[[", '{"a":{"a":', '"\\ud800"', '"\\u0000"', "\u0000", "\ufeff", "\u202e"],
  ...["\u001b[2J", "\\", '"', ",", ":", "NaN", "Infinity", "http://evil.example", "javascript:x", "//"],
];

const VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1,
    0.5,
    1e9,
    1e12,
    1e15,
    1e300,
    -1e300,
    2 ** 53,
    "",
    " ",
    "\u0000",
    "x".repeat(5_000),
  ],
  ...[
    [],
    {},
    [[]],
    { a: 1 },
    "success",
    "pending",
    "error",
    "\u001b[31m",
    "\ud800",
    "https://api.minimax.io",
  ],
];

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

/** Any JSON value, at most `depth` deep. */
function generated(random: Random, depth: number): unknown {
  const kind = random(depth > 0 ? 8 : 6);
  if (kind < 6) return pick(random, VALUES);
  const size = random(5);
  if (kind === 6) return Array.from({ length: size }, () => generated(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: size }, (_, at) => [`k${at}`, generated(random, depth - 1)]),
  );
}

/** The JSON object `seed` with a few of its fields changed, removed or swapped; undefined if it is none. */
function withOtherFields(random: Random, seed: Buffer): Buffer | undefined {
  try {
    const fields: [string, unknown][] = Object.entries(JSON.parse(seed.toString()));
    if (fields.length === 0) return undefined;
    for (let change = random(3); change >= 0; change--) {
      const at = random(fields.length);
      const field = fields[at] ?? ["k", null];
      const kind = random(4);
      if (kind === 0) fields.splice(at, 1, [pick(random, fields)[0], field[1]]);
      else field[1] = kind === 1 ? pick(random, fields)[1] : generated(random, 3);
    }
    const body = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return Buffer.from(`{${body.join(",")}}`);
  } catch {
    return undefined;
  }
}

function withOtherBytes(random: Random, seed: Buffer, seeds: readonly Buffer[]): Buffer {
  let bytes = Buffer.from(seed);
  for (let change = random(4); change >= 0; change--) {
    const at = random(bytes.length + 1);
    const length = random(Math.min(64, bytes.length - at + 1));
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + length)];
    switch (random(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 2:
        bytes = Buffer.concat([before, after]);
        break;
      case 3:
        bytes = Buffer.concat([before, Buffer.from(pick(random, WORDS)), after]);
        break;
      case 4:
        bytes = Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)]);
        break;
      default:
        bytes = random(3) === 0 ? before : Buffer.concat([before, pick(random, seeds).subarray(at)]);
    }
  }
  return bytes;
}

/** One input: made up, or one of `seeds` with some of it changed. Buffers of its own. */
export function nextInput(random: Random, seeds: readonly Buffer[]): Buffer {
  const seed = pick(random, seeds);
  switch (random(8)) {
    case 0:
      return Buffer.from(JSON.stringify(generated(random, 5)) ?? "");
    case 1:
      return Buffer.from(Array.from({ length: random(200) }, () => random(256)));
    case 2:
    case 3:
    case 4:
      return withOtherFields(random, seed) ?? withOtherBytes(random, seed, seeds);
    default:
      return withOtherBytes(random, seed, seeds);
  }
}
