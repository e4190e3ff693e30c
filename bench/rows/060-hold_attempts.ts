import type pg from "pg";
import { asCaller, type Bench, type Row } from "../row.ts";

const visitors = 16;
const wholeSeconds = 3;

/**
 * SCH-06. Attempts, won or lost, of visitors who want times of the same specialist within the same two weeks.
 * The floor is the bare statement: the same number of clients insert into a table that has nothing but the constraint.
 */
export default {
  claim: `hold attempts of ${visitors} visitors at once`,
  unit: "/s",
  goal: { ratioAtLeast: 0.4 },
  async measure(bench) {
    const clients = await Promise.all(Array.from({ length: visitors }, () => bench.connect()));
    const { rows } = await bench.admin.query(
      "select starts_at from app_public.available_slots($1, now() + interval '110 days', now() + interval '124 days')",
      [bench.fixture.singleCalendarId],
    );
    const starts: Date[] = rows.map(({ starts_at }) => starts_at);

    const outcomes: Record<string, number> = {};
    const seconds = bench.short ? 0.3 : wholeSeconds;
    const perSecond = await during(seconds, clients, async (client, n) => {
      const caller = { visitorId: `crowd ${n}`, address: `10.2.${(n >> 8) & 255}.${n & 255}` };
      const startsAt = starts[(n * 7919) % starts.length];
      const outcome = await asCaller(
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
        () => "held",
        (error) => error.code as string,
      );
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    });
    const floor = await bare(bench, seconds, clients, starts);
    return {
      measured: perSecond,
      against: { what: "bare insert … on conflict do nothing", value: floor },
      conditions: {
        "every attempt is held or told SLOT_TAKEN": Object.keys(outcomes).every((name) =>
          ["held", "RXSLT"].includes(name),
        ),
        "some of each": Number(outcomes.held) > 0 && Number(outcomes.RXSLT) > 0,
      },
    };
  },
} satisfies Row;

/** Attempts a second: every client makes one after the other. */
async function during(
  seconds: number,
  clients: pg.Client[],
  attempt: (client: pg.Client, n: number) => Promise<void>,
): Promise<number> {
  for (const [n, client] of clients.entries()) await attempt(client, n);
  let attempts = 0;
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(
    clients.map(async (client, c) => {
      for (let n = 1; performance.now() < end; n++) {
        await attempt(client, n * clients.length + c);
        attempts++;
      }
    }),
  );
  return attempts / ((performance.now() - began) / 1000);
}

async function bare(bench: Bench, seconds: number, clients: pg.Client[], starts: Date[]): Promise<number> {
  await bench.admin.query(`
    create table bench_claims (
      specialist int, blocked tstzrange,
      exclude using gist (specialist extensions.gist_int4_ops with =, blocked with &&));
    grant insert, select on bench_claims to app_anonymous`);
  const perSecond = await during(seconds, clients, async (client, n) => {
    await asCaller(
      client,
      {},
      () =>
        client.query({
          name: "bare",
          text: "insert into bench_claims values ($1, tstzrange($2, $2::timestamptz + interval '40 minutes')) on conflict do nothing",
          values: [1, starts[(n * 7919) % starts.length]],
        }),
      "commit",
    );
  });
  await bench.admin.query("drop table bench_claims");
  return perSecond;
}
