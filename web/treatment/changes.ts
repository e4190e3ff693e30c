import type { Prescribed } from "./plan.ts";

/** A session as the snapshot of a version has it (docs/guides/treatment_plans.md). */
export type Asked = {
  position: number;
  title: unknown;
  place: "home" | "clinic";
  afterDays: number;
  exercises: Prescribed[];
};

export type Difference =
  | { what: "place"; to: Asked["place"] }
  | { what: "days"; from: number; to: number }
  | { what: "order" }
  | { what: "added" | "removed"; exercise: Prescribed }
  | { what: "prescription"; exercise: Prescribed; before: unknown }
  | { what: "warning"; exercise: Prescribed; warning: Prescribed["contraindications"][number] };

export type Change = {
  session: Asked;
  what: "added" | "removed" | "changed";
  differences: Difference[];
};

/** What the sessions from one place on ask for otherwise than they did; a session that asks for the same is left out. */
export function changesOf(before: readonly Asked[], after: readonly Asked[], from: number): Change[] {
  const places = Math.max(before.length, after.length);
  return Array.from({ length: places }, (_, i): Change[] => {
    const [was, is] = [before[i], after[i]];
    if (i + 1 < from) return [];
    if (was && !is) return [{ session: was, what: "removed", differences: [] }];
    if (!is) return [];
    if (!was) return [{ session: is, what: "added", differences: [] }];
    const differences = differencesOf(was, is);
    // Where a plan goes on, the first session waits for no other.
    const felt = i + 1 === from ? differences.filter(({ what }) => what !== "days") : differences;
    return felt.length > 0 ? [{ session: is, what: "changed", differences: felt }] : [];
  }).flat();
}

function differencesOf(was: Asked, is: Asked): Difference[] {
  const before = byUse(was.exercises);
  const after = byUse(is.exercises);
  const kept = (keys: Iterable<string>, others: ReadonlyMap<string, Prescribed>) =>
    [...keys].filter((key) => others.has(key));
  const differences: Difference[] = [
    ...(was.place === is.place ? [] : [{ what: "place", to: is.place } as const]),
    ...(was.afterDays === is.afterDays
      ? []
      : [{ what: "days", from: was.afterDays, to: is.afterDays } as const]),
    ...[...before].flatMap(([key, exercise]) =>
      after.has(key) ? [] : [{ what: "removed", exercise } as const],
    ),
  ];
  for (const [key, exercise] of after) {
    const earlier = before.get(key);
    if (!earlier) {
      differences.push({ what: "added", exercise });
      continue;
    }
    if (!isSame(earlier.prescription, exercise.prescription))
      differences.push({ what: "prescription", exercise, before: earlier.prescription });
    for (const warning of exercise.contraindications)
      if (!earlier.contraindications.some(({ id }) => id === warning.id))
        differences.push({ what: "warning", exercise, warning });
  }
  if (!isSame(kept(before.keys(), after), kept(after.keys(), before))) differences.push({ what: "order" });
  return differences;
}

/** The exercises of a session by which they are, and which time in it: one may be done twice. */
function byUse(exercises: readonly Prescribed[]): Map<string, Prescribed> {
  const times = new Map<string, number>();
  return new Map(
    exercises.map((exercise) => {
      const time = (times.get(exercise.exerciseId) ?? 0) + 1;
      times.set(exercise.exerciseId, time);
      return [`${exercise.exerciseId} ${time}`, exercise];
    }),
  );
}

/** Whether two values of JSON say the same; what is null says nothing, and the order of names neither. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, one]) => one !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => [name, inOrder(one)]);
}
