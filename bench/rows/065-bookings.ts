import { randomUUID } from "node:crypto";
import type pg from "pg";
import { bookNext, type Desk, deskCount, during, openDesks } from "../desks.ts";
import { asCaller, type Bench, median, type Row } from "../row.ts";

const wholeRounds = 5;

/**
 * APT-01, FND-08, FND-14. Front desks of eight clinics book directly, each with a specialist by name: rules, permission,
 * claim, appointment, state machine, history, events with their deliveries and jobs, audit and seal.
 * The floor is one plain insert of the same rows, as many and as long, into tables with the same columns, checks, keys and
 * indexes, but without triggers, policies and foreign keys.
 */
export default {
  claim: `bookings of ${deskCount} front desks, with gate, outbox and audit`,
  unit: "/s",
  goal: { ratioAtLeast: 0.25 },
  async measure(bench) {
    const { desks, starts } = await openDesks(bench);
    const call = (desk: Desk) => bookNext(desk, starts);
    const book = (desk: Desk) => asCaller(desk.client, { principalId: desk.id }, () => call(desk), "commit");
    const [first, second] = desks as [Desk, Desk];
    await book(first); // the queue gets to know its tasks
    const bare = await bareInsert(bench, second, () => call(second));
    const insert = async ({ client }: Desk) => {
      const query = bare();
      await asCaller(client, {}, () => client.query(query), "commit");
    };

    const booked: number[] = [];
    const inserted: number[] = [];
    const [rounds, roundMs] = bench.short ? [1, 200] : [wholeRounds, 1_500];
    await during(desks, roundMs, book); // plans of every connection
    await during(desks, roundMs, insert);
    for (let n = 0; n < rounds; n++) {
      booked.push(await during(desks, roundMs, book));
      inserted.push(await during(desks, roundMs, insert));
    }
    const { rows } = await bench.admin.query(
      "select count(*)::int as count from app_public.appointments where patient_profile_id = any ($1)",
      [desks.map(({ patientId }) => patientId)],
    );
    await bench.admin.query("drop schema bench_bare cascade");
    return {
      measured: median(booked),
      against: { what: "bare insert of the same rows", value: median(inserted) },
      conditions: {
        "every booking is an appointment":
          rows[0].count === desks.reduce((sum, desk) => sum + desk.bookings, 0),
      },
    };
  },
} satisfies Row;

type Column = { name: string; type: string };
type Value = { value: string | null; isNumber: boolean };

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Reads what a booking inserts, makes a table like each that it wrote to, and answers with what inserts the same rows
 * there, under other ids, in one statement. The client has inserted nothing before, or that would be counted, too.
 */
async function bareInsert(
  { admin }: Bench,
  { client, id: principalId }: Desk,
  book: () => Promise<unknown>,
): Promise<() => pg.QueryConfig> {
  const written = await asCaller(
    client,
    { principalId },
    async () => {
      await book();
      await client.query("set constraints all immediate"); // the seal, too
      const { rows } = await client.query<{ name: string; count: number; id: string }>(
        `select format('%I.%I', schemaname, relname) as name, n_tup_ins::int as count, pg_current_xact_id()::xid::text as id
         from pg_stat_xact_all_tables where n_tup_ins > 0 and schemaname not like 'pg_%' order by name`,
      );
      return rows;
    },
    "commit",
  );
  await admin.query("create schema bench_bare; grant usage on schema bench_bare to app_anonymous");
  const values: Value[] = [];
  const inserts: string[] = [];
  for (const [n, { name, count, id }] of written.entries()) {
    await admin.query(
      `create table bench_bare.t${n} (like ${name} including all excluding identity);
       grant insert on bench_bare.t${n} to app_anonymous`,
    );
    const columns = await columnsOf(admin, name);
    const names = columns.map((column) => column.name).join();
    const { rows } = await admin.query<string[]>({
      text: `select ${columns.map((column) => `${column.name}::text`).join()} from ${name} where xmin = '${id}'`,
      rowMode: "array",
    });
    if (rows.length !== count) throw new Error(`${rows.length} rows of ${count} found in ${name}`);
    const tuples = rows.map((row) => `(${columns.map((column, c) => place(values, column, row[c])).join()})`);
    inserts.push(`insert into bench_bare.t${n} (${names}) values ${tuples.join()}`);
  }
  const text = `with ${inserts.map((insert, n) => `i${n} as (${insert})`).join()} select`;
  let bookings = 0;
  return () => {
    bookings++;
    const ids = new Map<string, string>();
    const fresh = (id: string) => ids.get(id) ?? ids.set(id, randomUUID()).get(id) ?? id;
    const renamed = values.map(({ value, isNumber }, n) =>
      isNumber ? bookings * values.length + n : (value?.replace(uuid, fresh) ?? null),
    );
    return { name: "bare", text, values: renamed };
  };
}

/** Where a value stands in the statement. What has an id that is no UUID, as jobs do, gets a number of its own. */
function place(values: Value[], { name, type }: Column, value = null as string | null): string {
  values.push({ value, isNumber: name === "id" && type === "bigint" });
  return `$${values.length}::${type}`;
}

/** The columns that are written, without those that are computed. */
async function columnsOf(admin: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await admin.query<Column>(
    `select quote_ident(attname) as name, format_type(atttypid, atttypmod) as type
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [table],
  );
  return rows;
}
