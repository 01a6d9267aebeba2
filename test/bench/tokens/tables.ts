import { INFO } from "./contenders.ts";
import { CALLERS, CONTENDERS, type ContenderId, STUCK_AFTER_MS } from "./job.ts";
import type { Results, Stampede } from "./results.ts";
import { duration, kilobytes, milliseconds, ratio } from "./units.ts";

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const NO_FIGURE = "—";

/** One row: each contender's value, and how many times ours it is. */
function row(
  label: string,
  valueFor: (id: ContenderId) => number | undefined,
  show: (value: number) => string,
  compare = true,
): readonly string[] {
  const ours = valueFor("ours");
  const cells = CONTENDERS.map((id) => {
    const value = valueFor(id);
    if (value === undefined) return NO_FIGURE;
    if (value === Number.POSITIVE_INFINITY) return `> ${STUCK_AFTER_MS / 1000} s`;
    const compared = id === "ours" || !ours || !compare ? "" : ` ${ratio(value, ours)}`;
    return `${show(value)}${compared}`;
  });
  return [label, ...cells];
}

/** What the hanging endpoint adds to the slowest hundredth of requests, ns; infinite: they wait for it. */
export function addedByHanging({ fresh, due }: Results, id: ContenderId): number | undefined {
  const [known, hanging] = [fresh[id], due[id]];
  if (!known || hanging === undefined) return undefined;
  return hanging === null ? Number.POSITIVE_INFINITY : Math.max(0, hanging.p99 - known.p99);
}

/** What our hook adds to a request, ns. */
export function addedByHook({ request }: Results): { p50: number; p99: number } | undefined {
  if (!request) return undefined;
  const { wrapped, bare } = request;
  return { p50: Math.max(0, wrapped.p50 - bare.p50), p99: Math.max(0, wrapped.p99 - bare.p99) };
}

export function mainTable(results: Results): Table {
  const { fresh, stampede, cold, keychain, memory } = results;
  return {
    head: ["", ...CONTENDERS.map((id) => INFO[id].short)],
    rows: [
      row("Valid token, p50", (id) => fresh[id]?.p50, duration),
      row("Valid token, p99", (id) => fresh[id]?.p99, duration),
      row("Endpoint hangs: added, p99", (id) => addedByHanging(results, id), duration),
      row(`${CALLERS} callers, ended: calls`, (id) => stampede[id]?.calls, String, false),
      row(`${CALLERS} callers: last served`, (id) => stampede[id]?.ms, milliseconds),
      row("Cold process: first token", (id) => cold[id], milliseconds),
      row("… out of the OS keychain", (id) => (id === "ours" ? keychain.cold : undefined), milliseconds),
      row("Memory per account", (id) => memory[id], kilobytes),
    ],
  };
}

export function raceTable({ race }: Results): Table {
  const raced = CONTENDERS.filter((id) => race[id] !== undefined);
  const counts = Object.keys(race.ours ?? {}).map(Number);
  const cell = (each: Stampede | undefined, processes: number) =>
    each ? `${each.calls} · ${each.live}/${processes} · ${milliseconds(each.ms)}` : NO_FIGURE;
  return {
    head: ["Processes", ...raced.map((id) => INFO[id].short)],
    rows: counts.map((count) => [String(count), ...raced.map((id) => cell(race[id]?.[count], count))]),
  };
}

/** Ours alone: what the peers have no counterpart of. */
export function oursAlone(results: Results): readonly string[] {
  const { keychain } = results;
  const hook = addedByHook(results);
  const { stampede } = keychain;
  return [
    ...(hook
      ? [
          `A request through our \`wrapStreamFn\`: ${duration(hook.p50)} more than the host's own (p50), ${duration(hook.p99)} (p99).`,
        ]
      : []),
    ...(stampede
      ? [
          `${CALLERS} callers, tokens in the OS keychain: ${stampede.calls} token call, the last served after ${milliseconds(stampede.ms)}.`,
        ]
      : []),
    `A process that does nothing takes ${milliseconds(results.emptyProcessMs)} of each cold process.`,
  ];
}

/** Why a contender has no figure, each reason once. */
export function reasons({ notes, fresh, due, versions }: Results): readonly string[] {
  const by = new Map<string, string[]>();
  for (const { contender, row, why } of notes) {
    const key = `${INFO[contender].short}\0${why}`;
    by.set(key, [...(by.get(key) ?? []), ROW_NAMES[row] ?? row]);
  }
  const missing = [...by].map(([key, rows]) => {
    const [name, why] = key.split("\0");
    return `${NO_FIGURE} ${name}, ${rows.join(" and ")}: ${why}.`;
  });
  const waiting = CONTENDERS.filter((id) => due[id] === null).map((id) => INFO[id].short);
  return [
    ...missing,
    ...(waiting.length > 0
      ? [`> 3 s: ${waiting.join(", ")} let the request wait for the endpoint although the token is valid.`]
      : []),
    "… out of the OS keychain: keytar and a Secret Service; elsewhere ours is in its encrypted file, whose key is slow to derive on purpose. The others' tokens lie in plain files or databases.",
    ...(fresh.msal ? ["msal's store for processes is the cache plugin of its documentation, a file."] : []),
    ...(versions.openclaw && fresh.openclaw
      ? [
          "openclaw loads a plugin for a provider of its own; its cold process loads the agent runtime that a gateway has loaded already, and it is raced up to 8 processes for their memory.",
        ]
      : []),
  ];
}

const ROW_NAMES: Readonly<Record<string, string>> = {
  fresh: "valid token",
  due: "endpoint hangs",
  stampede: `${CALLERS} callers`,
  race: "processes",
  cold: "cold process",
  memory: "memory",
};
