import { check, type Finding, ok, problem, unchecked } from "./finding.ts";
import type { DoctorInput } from "./input.ts";

/** Logins that something else keeps in plain text. */
export async function leftovers({ sources }: DoctorInput): Promise<readonly Finding[]> {
  const found = await Promise.all(
    sources.map(({ id, label, find, code }) =>
      check(`plain text: ${label}`, async () => {
        const check = `plain text: ${label}`;
        const logins = await find();
        if (logins === "unreadable") return [unchecked(check, "it cannot be read")];
        if (logins.length === 0) return [ok(check, "no MiniMax login")];
        const where = logins.map(({ place }) => place).join(", ");
        return [
          problem(
            check,
            code,
            `a MiniMax login lies there in plain text (${where})`,
            `Take it over: openclaw minimax-portal import --from ${id}, or delete it: … --discard`,
          ),
        ];
      }),
    ),
  );
  return found.flat();
}
