import type pg from "pg";
import { asCaller, type Bench, median, type Row } from "../row.ts";

const visitors = 50;
const rounds = 5;

/**
 * SCH-06. Until the last of fifty visitors is answered who want one slot of one specialist in the same moment.
 * The peer looks whether the time is free and then inserts, as one does without a constraint: it books twice.
 */
export default {
  claim: `${visitors} visitors at once on one slot, all answered`,
  unit: "ms",
  goal: { ratioAtMost: 8 },
  async measure(bench) {
    const clients = await Promise.all(Array.from({ length: visitors }, () => bench.connect()));
    const { rows } = await bench.admin.query(
      `select starts_at from app_public.available_slots($1, now() + interval '40 days', now() + interval '100 days')
       where extract(minute from starts_at) = 0 limit $2`,
      [bench.fixture.singleCalendarId, rounds + 1],
    );

    const wins: number[] = [];
    const others = new Set<string>();
    const ours = await inRounds(
      clients,
      rows,
      async (client, visitor, startsAt) => {
        const caller = { visitorId: `rush ${visitor}`, address: `10.3.0.${visitor}` };
        return asCaller(
          client,
          caller,
          () =>
            client.query({
              name: "hold",
              text: "select * from app_public.hold_slot($1, $2)",
              values: [bench.fixture.singleCalendarId, startsAt],
            }),
          "commit",
        ).then(
          () => "won",
          (error) => error.code as string,
        );
      },
      (outcomes) => {
        wins.push(outcomes.filter((outcome) => outcome === "won").length);
        for (const outcome of outcomes) if (outcome !== "won") others.add(outcome);
      },
    );
    const { milliseconds, twice } = await checkThenInsert(bench, clients, rows);
    return {
      measured: median(ours),
      against: { what: `check, then insert (booked twice in ${twice} of ${rounds})`, value: milliseconds },
      conditions: {
        "exactly one wins": wins.every((count) => count === 1),
        "all others are told SLOT_TAKEN": [...others].join() === "RXSLT",
      },
    };
  },
} satisfies Row;

async function inRounds(
  clients: pg.Client[],
  starts: { starts_at: Date }[],
  attempt: (client: pg.Client, visitor: number, startsAt: Date) => Promise<string>,
  onRound: (outcomes: string[]) => void,
): Promise<number[]> {
  const milliseconds: number[] = [];
  for (const [round, { starts_at }] of starts.entries()) {
    const began = performance.now();
    const outcomes = await Promise.all(clients.map((client, visitor) => attempt(client, visitor, starts_at)));
    // The first round plans the statements of every connection.
    if (round === 0) continue;
    milliseconds.push(performance.now() - began);
    onRound(outcomes);
  }
  return milliseconds;
}

async function checkThenInsert(
  bench: Bench,
  clients: pg.Client[],
  starts: { starts_at: Date }[],
): Promise<{ milliseconds: number; twice: number }> {
  await bench.admin.query(`
    create table bench_bookings (specialist int, blocked tstzrange);
    create index on bench_bookings using gist (specialist extensions.gist_int4_ops, blocked);
    grant insert, select on bench_bookings to app_anonymous`);
  let twice = 0;
  const milliseconds = await inRounds(
    clients,
    starts,
    (client, _visitor, startsAt) =>
      asCaller(
        client,
        {},
        async () => {
          const values = [startsAt];
          const { rowCount } = await client.query({
            name: "check",
            text: "select from bench_bookings where specialist = 1 and blocked && tstzrange($1, $1::timestamptz + interval '40 minutes')",
            values,
          });
          if (rowCount) return "taken";
          await client.query({
            name: "then insert",
            text: "insert into bench_bookings values (1, tstzrange($1, $1::timestamptz + interval '40 minutes'))",
            values,
          });
          return "won";
        },
        "commit",
      ),
    (outcomes) => {
      if (outcomes.filter((outcome) => outcome === "won").length > 1) twice++;
    },
  );
  await bench.admin.query("drop table bench_bookings");
  return { milliseconds: median(milliseconds), twice };
}
