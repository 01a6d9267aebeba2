import type { Output, Style } from "../cli/output.ts";

const BAR_WIDTH = 20;

/** What is left, as a bar: green, yellow from a quarter on, red from a tenth on. */
export function bar(fraction: number, out: Pick<Output, "paint">): string {
  const part = Math.min(1, Math.max(0, fraction));
  // Something that is left always shows.
  const full = part === 0 ? 0 : Math.max(1, Math.round(part * BAR_WIDTH));
  const style: Style = part <= 0.1 ? "red" : part <= 0.25 ? "yellow" : "green";
  return out.paint(style, "█".repeat(full)) + out.paint("dim", "░".repeat(BAR_WIDTH - full));
}

/** In place of a bar, where there is nothing to measure. */
export function noBar(out: Pick<Output, "paint">): string {
  return out.paint("dim", "·".repeat(BAR_WIDTH));
}

const UNITS = [
  [86_400_000, "d", "h", 3_600_000],
  [3_600_000, "h", "min", 60_000],
] as const;

/** "3 d 4 h", "2 h 5 min", "12 min", "40 s"; never negative. */
export function duration(ms: number): string {
  const left = Math.max(0, ms);
  for (const [unit, name, smallerName, smaller] of UNITS) {
    if (left < unit) continue;
    const rest = Math.floor((left % unit) / smaller);
    return `${Math.floor(left / unit)} ${name}${rest > 0 ? ` ${rest} ${smallerName}` : ""}`;
  }
  return left >= 60_000 ? `${Math.floor(left / 60_000)} min` : `${Math.round(left / 1000)} s`;
}

/** A moment in this machine's own time zone: "14:05" today, else "2026-11-23 14:05". */
export function moment(at: number, now: number): string {
  const [date, day] = [new Date(at), new Date(now)];
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === day.toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}
