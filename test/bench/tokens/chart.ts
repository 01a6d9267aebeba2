import { INFO } from "./contenders.ts";
import { CALLERS, CONTENDERS, type ContenderId, STUCK_AFTER_MS } from "./job.ts";
import type { Results } from "./results.ts";
import { element, logScale, powers, STYLE, text } from "./svg.ts";
import { addedByHanging } from "./tables.ts";
import { duration, milliseconds } from "./units.ts";

const WIDTH = 940;
const GAP = 20;
const PANEL = { width: (WIDTH - 3 * GAP) / 2, height: 262, top: 58, bottom: 34 };
/** Where the bars of those end that wait for the endpoint: the measurement stopped then, ns. */
const STUCK_NS = STUCK_AFTER_MS * 1e6;
const NAMES_WIDTH = 70;
const VALUES_WIDTH = 108;

interface Bar {
  readonly id: ContenderId;
  /** undefined: no figure; infinite: it waits for the endpoint. */
  readonly value: number | undefined;
  /** The bar goes on thinner up to here. */
  readonly until?: number | undefined;
  readonly label: string;
}

/** The figures of a run as one SVG picture, four panels. */
export function drawChart(results: Results): string {
  const panels = [freshPanel, hangingPanel, stampedePanel, racePanel].map((draw, index) => {
    const x = GAP + (index % 2) * (PANEL.width + GAP);
    const y = GAP + Math.floor(index / 2) * (PANEL.height + GAP);
    const card = element("rect", { class: "card", width: PANEL.width, height: PANEL.height, rx: 6 });
    return element("g", { transform: `translate(${x} ${y})` }, card + draw(results));
  });
  const height = 2 * PANEL.height + 3 * GAP;
  const stripes = `<defs><pattern id="waiting" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="stripe" d="M0 0V6"/></pattern></defs>`;
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
  };
  return `${element("svg", { ...attributes, role: "img" }, `<title>What a token costs</title><style>${STYLE}</style>${stripes}${panels.join("\n")}`)}\n`;
}

function freshPanel({ fresh }: Results): string {
  const bars = CONTENDERS.map((id) => {
    const one = fresh[id];
    const label = one ? `${duration(one.p50)} – ${duration(one.p99)}` : "no figure";
    return { id, value: one?.p50, until: one?.p99, label };
  });
  return barPanel("A valid token: cost of asking for it", "per call, p50 to p99, logarithmic", bars, 100);
}

function hangingPanel(results: Results): string {
  const bars = CONTENDERS.map((id) => {
    const value = addedByHanging(results, id);
    const label = value === Number.POSITIVE_INFINITY ? "waits, > 3 s" : duration(value ?? 0);
    return { id, value, label: value === undefined ? "never refreshes" : label };
  });
  const note = "token still valid, inside the refresh window; p99, logarithmic";
  return barPanel("Token endpoint hangs: added to a request", note, bars, 10);
}

function stampedePanel({ stampede }: Results): string {
  const bars = CONTENDERS.map((id) => {
    const one = stampede[id];
    const calls = one?.calls === 1 ? "1 call" : `${one?.calls} calls`;
    const label = one ? `${milliseconds(one.ms)}, ${calls}` : "never refreshes";
    return { id, value: one && one.ms * 1e6, label };
  });
  const title = `${CALLERS} callers find the token ended: last served`;
  return barPanel(title, "one process, refresh on loopback included; logarithmic", bars, 1e6);
}

/** Horizontal bars on a logarithmic axis of ns that begins at `from`. */
function barPanel(title: string, note: string, bars: readonly Bar[], from: number): string {
  const ends = bars.flatMap(({ value, until }) => [value ?? 0, until ?? 0]);
  const most = Math.max(from * 10, ...ends.map((end) => Math.min(end, STUCK_NS)));
  const to = 10 ** Math.ceil(Math.log10(most));
  const right = PANEL.width - VALUES_WIDTH;
  const position = logScale(from, to, NAMES_WIDTH, right);
  const bottom = PANEL.height - PANEL.bottom;
  const ticks = powers(from, to);
  const grid = ticks.map((tick, index) => {
    const x = position(tick);
    const isLabelled = index % Math.ceil(ticks.length / 5) === 0;
    const label = isLabelled
      ? text(x, bottom + 16, shortDuration(tick), { class: "small", "text-anchor": "middle" })
      : "";
    return element("line", { class: "grid", x1: x, x2: x, y1: PANEL.top, y2: bottom }) + label;
  });
  const step = (bottom - PANEL.top) / bars.length;
  const rows = bars.map((bar, index) => barRow(bar, PANEL.top + index * step, step, position));
  return heading(title, note) + grid.join("") + rows.join("");
}

function barRow(
  { id, value, until, label }: Bar,
  top: number,
  step: number,
  position: (value: number) => number,
): string {
  const own = id === "ours" ? " ours" : "";
  const strong = id === "ours" ? "strong" : undefined;
  const y = top + step * 0.2;
  const height = step * 0.6;
  const name = text(NAMES_WIDTH - 8, top + step / 2 + 4, INFO[id].short, {
    "text-anchor": "end",
    class: strong,
  });
  const waits = value === Number.POSITIVE_INFINITY;
  const end =
    value === undefined ? NAMES_WIDTH : Math.max(NAMES_WIDTH + 2, position(Math.min(value, STUCK_NS)));
  const bar = element("rect", {
    class: waits ? "wait" : `bar${own}`,
    x: NAMES_WIDTH,
    y,
    width: end - NAMES_WIDTH,
    height,
  });
  const tail =
    until === undefined
      ? ""
      : element("rect", {
          class: `bar${own}`,
          x: end,
          y: y + height * 0.35,
          width: Math.max(0, position(until) - end),
          height: height * 0.3,
        });
  const behind = until === undefined ? end : Math.max(end, position(until));
  return name + bar + tail + text(behind + 6, top + step / 2 + 4, label, { class: strong ?? "small" });
}

function racePanel({ race }: Results): string {
  const raced = CONTENDERS.filter((id) => race[id] !== undefined);
  const counts = Object.keys(race.ours ?? {}).map(Number);
  const most = Math.max(2, ...counts);
  const bottom = PANEL.height - PANEL.bottom - 8;
  const right = PANEL.width - VALUES_WIDTH - 16;
  const x = logScale(1, most, 46, right);
  const y = logScale(1, most, bottom, PANEL.top + 26);
  const marks = powers(1, most, 2);
  const grid = marks.map((mark) => {
    const line = element("line", { class: "grid", x1: 46, x2: right, y1: y(mark), y2: y(mark) });
    const across = text(x(mark), bottom + 16, String(mark), { class: "small", "text-anchor": "middle" });
    return line + across + text(38, y(mark) + 4, String(mark), { class: "small", "text-anchor": "end" });
  });
  const ends = raced.map((id) => {
    const points = Object.entries(race[id] ?? {}).map(
      ([count, { calls }]) => [x(Number(count)), y(calls)] as const,
    );
    const [processes, last] = Object.entries(race[id] ?? {}).at(-1) ?? ["1", undefined];
    const label = `${INFO[id].short}, ${last?.live}/${processes} live`;
    return { id, points, label, y: (points.at(-1)?.[1] ?? bottom) + 4 };
  });
  const labels = apart(ends, 15);
  const lines = ends.toReversed().map(({ id, points }) => {
    const own = id === "ours" ? " ours" : "";
    const path = element("polyline", {
      class: `line${own}`,
      points: points.map((point) => point.map(Math.round).join(",")).join(" "),
    });
    return path + points.map(([cx, cy]) => element("circle", { class: `dot${own}`, cx, cy, r: 3 })).join("");
  });
  const named = labels.map(({ id, label, points, y: at }) =>
    text((points.at(-1)?.[0] ?? 0) + 8, at, label, { class: id === "ours" ? "strong" : "small" }),
  );
  const title = "N processes find the token ended: token calls";
  return (
    heading(title, "across: processes; up: calls; named: processes left with a live token") +
    grid.join("") +
    lines.join("") +
    named.join("")
  );
}

/** Moves labels up until none covers another. */
function apart<Label extends { readonly y: number }>(labels: readonly Label[], distance: number): Label[] {
  let lowest = Number.POSITIVE_INFINITY;
  return labels
    .toSorted((a, b) => b.y - a.y)
    .map((label) => {
      const y = Math.min(label.y, lowest - distance);
      lowest = y;
      return { ...label, y };
    });
}

const heading = (title: string, note: string): string =>
  text(16, 26, title, { class: "title" }) + text(16, 44, note, { class: "small" });

/** 100 ns, 1 µs, 10 ms, 1 s: an axis has round values only. */
function shortDuration(ns: number): string {
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${ns / 1e3} µs`;
  return ns < 1e9 ? `${ns / 1e6} ms` : `${ns / 1e9} s`;
}
