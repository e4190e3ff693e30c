import { asCaller, type Bench, quantile, type Row, time } from "../row.ts";

const holds = 300;

/** SCH-06. The whole call: rules, limits, turn, locks, constraint, event. Each hold by another visitor. */
export default {
  claim: "hold a slot, nobody else (p95)",
  unit: "ms",
  goal: { ratioAtMost: 6 },
  async measure(bench) {
    const client = await bench.connect();
    const wanted = bench.short ? 20 : holds;
    const starts = await everyOtherStart(bench, wanted + 20);
    const milliseconds: number[] = [];
    for (const [n, startsAt] of starts.entries()) {
      const caller = { visitorId: `alone ${n}`, address: `10.1.${n >> 8}.${n & 255}` };
      await asCaller(
        client,
        caller,
        async () => {
          const began = performance.now();
          await client.query({
            name: "hold",
            text: "select * from app_public.hold_slot($1, $2)",
            values: [bench.fixture.singleCalendarId, startsAt],
          });
          if (n >= 20) milliseconds.push(performance.now() - began);
        },
        "commit",
      );
    }
    const floor = await time(wanted, () => client.query({ name: "nothing", text: "select 1" }));
    return {
      measured: quantile(milliseconds, 0.95),
      against: { what: "select 1 (p95)", value: quantile(floor, 0.95) },
    };
  },
} satisfies Row;

/** Every other start, because the cooldown of one hold reaches into the next. */
async function everyOtherStart(bench: Bench, count: number): Promise<string[]> {
  const { rows } = await bench.admin.query(
    `select starts_at from (
       select s.starts_at, row_number() over (order by s.starts_at) as n
       from generate_series(2, 2 + 6 * 60, 60) as d
       cross join lateral app_public.available_slots($1, now() + make_interval(days => d), now() + make_interval(days => d + 60)) as s
     ) as s where n % 2 = 0 order by starts_at limit $2`,
    [bench.fixture.singleCalendarId, count],
  );
  return rows.map(({ starts_at }) => starts_at);
}
