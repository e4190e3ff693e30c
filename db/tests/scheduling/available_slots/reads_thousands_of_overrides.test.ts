import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "thousands of rows are analysed, and times are measured where nothing else runs",
  });
  client = new pg.Client(database.urls.admin);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The best of some: what it costs where nothing else runs. */
async function best(calendar: string): Promise<number> {
  const { rows } = await client.query("select tests.id($1) as id", [calendar]);
  const times: number[] = [];
  for (let n = 0; n < 25; n++) {
    const began = performance.now();
    await client.query({
      name: `month of ${calendar}`,
      text: `select count(*) from app_public.available_slots($1, '2027-03-01 00:00Z', '2027-03-31 00:00Z')`,
      values: [rows[0].id],
    });
    times.push(performance.now() - began);
  }
  return Math.min(...times);
}

test("SCH-05: five thousand overrides of a month are merged before days are made of them: not five times slower", async () => {
  await client.query("begin");
  await client.query("select tests.freeze_time('2027-03-01 00:00+02'), tests.clinic('atlas')");
  for (const name of ["few", "many"]) {
    await client.query(
      `select tests.specialist('${name}'), tests.works('${name}'), tests.calendar('of ${name}', '{${name}}', minutes => 30)`,
    );
  }
  // Vacations of days, mornings, other hours and more hours, as somebody's import might write them.
  await client.query(
    `insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends)
     select tests.id('atlas'), tests.id('many'), kind, date '2027-03-01' + n % 20, date '2027-03-01' + n % 20 + n % 9,
            starts, starts + interval '45 minutes'
     from generate_series(1, 5000) as n
     cross join lateral (select (array['closed', 'closed', 'replace', 'extra'])[n % 4 + 1] as kind,
       case when n % 4 > 0 then time '08:00' + n % 48 * interval '15 minutes' end as starts) as row`,
  );
  await client.query("analyze app_public.specialist_schedule_overrides");
  const [few, many] = [await best("of few"), await best("of many")];
  console.log(`a month: ${few.toFixed(1)} ms, with 5,000 overrides: ${many.toFixed(1)} ms`);
  expect(many).toBeLessThan(5 * few);
});
