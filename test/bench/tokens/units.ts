const rounded = (value: number): string => {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
};

/** A duration of `ns` nanoseconds in the unit a person reads best. */
export function duration(ns: number): string {
  if (ns < 999_500) return `${rounded(ns / 1e3)} µs`;
  return ns < 999_500_000 ? `${rounded(ns / 1e6)} ms` : `${rounded(ns / 1e9)} s`;
}

export const milliseconds = (ms: number): string => duration(ms * 1e6);

export const kilobytes = (bytes: number): string => `${rounded(bytes / 1024)} KB`;

/** How many times `value` is of `ours`: ×0.5, ×3.1, ×12000. */
export function ratio(value: number, ours: number): string {
  const times = value / ours;
  if (times >= 1000) return `×${Number(times.toPrecision(2))}`;
  return `×${times < 10 ? times.toFixed(1) : times.toFixed(0)}`;
}
