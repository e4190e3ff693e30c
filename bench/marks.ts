import { type Bench, type Measurement, median } from "./row.ts";

/** A write of a table that rules read, with the triggers that would mark and without them, taking turns. In milliseconds. */
export async function withAndWithoutMarks(
  { admin, short }: Bench,
  table: string,
  write: (run: number) => Promise<unknown>,
): Promise<Measurement> {
  const { rows } = await admin.query<{ tgname: string }>(
    "select tgname from pg_trigger where tgrelid = $1::regclass and tgname like '\\_900\\_segments%'",
    [table],
  );
  const turn = async (on: boolean) => {
    for (const { tgname } of rows)
      await admin.query(`alter table ${table} ${on ? "enable" : "disable"} trigger ${tgname}`);
    const milliseconds: number[] = [];
    for (let run = -8; run < (short ? 2 : 40); run++) {
      const began = performance.now();
      await write(run);
      if (run >= 0) milliseconds.push(performance.now() - began);
    }
    return milliseconds;
  };
  const watched: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < (short ? 1 : 16); round++) {
    const isFirst = round % 2 === 0;
    (isFirst ? bare : watched).push(...(await turn(!isFirst)));
    (isFirst ? watched : bare).push(...(await turn(isFirst)));
  }
  await turn(true);
  return {
    measured: median(watched),
    against: { what: "the same without the triggers", value: median(bare) },
    conditions: { "there are triggers": rows.length > 0 },
  };
}
