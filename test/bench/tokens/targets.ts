import { INFO } from "./contenders.ts";
import { CONTENDERS } from "./job.ts";
import type { Results } from "./results.ts";
import { addedByHanging } from "./tables.ts";
import { duration } from "./units.ts";

export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

/** The targets hold where google's `getAccessToken` has this p50, ns; a slower machine is allowed as much more. */
const REFERENCE_NS = 320;
const TARGET = { p50: 300, p99: 1000 };
const ADDED_NS = 10_000;

export function verdicts(results: Results): readonly Verdict[] {
  const { fresh, stampede, race } = results;
  const found: Verdict[] = [];
  const { ours, google } = fresh;
  for (const part of ["p50", "p99"] as const) {
    if (!ours || !google) break;
    const limit = (TARGET[part] * google.p50) / REFERENCE_NS;
    const scale = `${duration(TARGET[part])} where google's p50 is ${duration(REFERENCE_NS)}; here it is ${duration(google.p50)}`;
    found.push(atMost(`valid token, ${part}`, ours[part], limit, scale));
  }
  for (const part of ["p50", "p99"] as const) {
    const peers = CONTENDERS.filter((id) => id !== "ours").flatMap((id) => {
      const value = fresh[id]?.[part];
      return value === undefined ? [] : [{ id, value }];
    });
    const fastest = peers.toSorted((a, b) => a.value - b.value)[0];
    if (ours && fastest) {
      const name = `the fastest peer: ${INFO[fastest.id].short}`;
      found.push(atMost(`valid token, ${part}`, ours[part], fastest.value, name));
    }
  }
  const added = addedByHanging(results, "ours");
  if (added !== undefined) found.push(atMost("endpoint hangs, added p99", added, ADDED_NS));
  if (stampede.ours) found.push(exactlyOne("100 callers: token calls", stampede.ours.calls));
  const races = Object.entries(race.ours ?? {});
  const worst = Math.max(...races.map(([, { calls }]) => calls));
  if (races.length > 0)
    found.push(exactlyOne(`1 to ${races.at(-1)?.[0]} processes: most token calls`, worst));
  return found;
}

function atMost(what: string, value: number, limit: number, why = ""): Verdict {
  const reason = why === "" ? "" : ` (${why})`;
  return { ok: value <= limit, text: `${what}: ${duration(value)}, target ${duration(limit)}${reason}` };
}

function exactlyOne(what: string, calls: number): Verdict {
  return { ok: calls === 1, text: `${what}: ${calls}, target 1` };
}
