/** What usage adds up to, written a second time: from a list of what was told, without positions, summaries or SQL. */
export type Aggregation = "sum" | "count" | "max" | "unique" | "latest";
export type Told = { meter: Aggregation; key: number; quantity: number; day: number; subject: number };
/** Days from the first, half-open. */
export type Period = { from: number; to: number };
export type Sum = { from: number; quantity: number; records: number };

/** What counts, in the order in which it came: the first that was told under each key. */
export function recordsOf(told: Told[]): Told[] {
  const known = new Map<number, Told>();
  for (const one of told) if (!known.has(one.key)) known.set(one.key, one);
  return [...known.values()];
}

/** What was told under the key of something else, each once. */
export function conflictsOf(told: Told[]): string[] {
  const first = new Map(recordsOf(told).map((one) => [one.key, one]));
  const differing = told.filter((one) => said(one) !== said(first.get(one.key) as Told));
  return [...new Set(differing.map(said))].sort();
}

const said = ({ meter, key, quantity, day, subject }: Told): string =>
  [meter, key, quantity, day, subject].join(" ");

/** By meter, the sums of each span: billing periods, and what they leave of months of thirty days. */
export function sumsOf(told: Told[], periods: Period[], months: number[]): Record<string, Sum[]> {
  const sums: Record<string, Map<number, Told[]>> = {};
  for (const record of recordsOf(told)) {
    const from = spanStart(record.day, periods, months);
    const spans = sums[record.meter] ?? new Map<number, Told[]>();
    sums[record.meter] = spans;
    spans.set(from, [...(spans.get(from) ?? []), record]);
  }
  return Object.fromEntries(
    Object.entries(sums).map(([meter, spans]) => [
      meter,
      [...spans]
        .sort(([a], [b]) => a - b)
        .map(([from, records]) => ({
          from,
          quantity: addUp(meter as Aggregation, records),
          records: records.length,
        })),
    ]),
  );
}

function spanStart(day: number, periods: Period[], months: number[]): number {
  const period = periods.find(({ from, to }) => from <= day && day < to);
  if (period) return period.from;
  const month = months.filter((first) => first <= day).at(-1) as number;
  const ended = periods.map(({ to }) => to).filter((to) => to <= day);
  return Math.max(month, ...ended);
}

export function addUp(meter: Aggregation, records: Told[]): number {
  const quantities = records.map(({ quantity }) => quantity);
  switch (meter) {
    case "sum":
      return quantities.reduce((sum, quantity) => sum + quantity, 0);
    case "count":
      return records.length;
    case "max":
      return Math.max(0, ...quantities);
    case "unique":
      return new Set(records.map(({ subject }) => subject)).size;
    case "latest":
      // Of the same day, what came last.
      return records.reduce((last, record) => (record.day >= last.day ? record : last), {
        day: -1,
        quantity: 0,
      } as Told).quantity;
  }
}
