/** Beyond as many days, "any" is said instead. */
const LONGEST_LIST = 62;

/** Days of several changes together, in order; null where one of them may be about any day, or they are too many. */
export function merged(changes: readonly (readonly string[] | null)[]): string[] | null {
  const days = new Set<string>();
  for (const change of changes) {
    if (change === null) return null;
    for (const day of change) days.add(day);
    if (days.size > LONGEST_LIST) return null;
  }
  return [...days].sort();
}
