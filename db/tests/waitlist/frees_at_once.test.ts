import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { ask, atOnce, furnish } from "../at_once.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({
    because: "workers, visitors and whoever frees times commit beside each other",
  });
  await furnish(
    database,
    `select tests.clinic('atlas');
     select tests.staff('flavia', 'front_desk');
     select tests.patient('ana');
     select tests.specialist(s, weekly => '{"mon": [["08:00", "20:00"]]}', timezone => 'UTC') from unnest('{stefan,mihai}'::text[]) s;
     select tests.calendar('one', '{stefan}', timezone => 'UTC'), tests.calendar('both', '{stefan,mihai}', timezone => 'UTC');
     update app_public.organizations set reminders_from = '00:00', reminders_until = '23:59:59';
     insert into app_public.waitlist_entries (organization_id, calendar_id, starts_on, ends_on, given_name, family_name, email, phone, locale, token_hash, created_at)
     select tests.id('atlas'), tests.id(c), current_date + 7, current_date + 40, 'G', 'F', 'g' || n || '@people.test', '+40722111222', 'ro',
       sha256((c || n)::bytea), now() + n * interval '1 second'
     from generate_series(1, 12) n, unnest('{one,both}'::text[]) c;`,
  );
});
afterAll(() => database.drop());

const worker = {
  as: "the database",
  sql: "select app_private.offer_next_time((select id from app_public.organizations))",
};
const settle = {
  as: "the database",
  sql: "select app_private.settle_waitlist((select id from app_public.organizations))",
};

/** Every specialist-time that is taken twice, every person with two open offers, every open offer without its hold. */
const faults = () =>
  ask<number>(
    database,
    `select (select count(*) from app_private.time_claims a join app_private.time_claims b
               on a.id < b.id and a.specialist_id = b.specialist_id and a.during && b.during
              where a.released_at is null and b.released_at is null)
          + (select count(*) from (select e.email from app_public.waitlist_entries e where e.status = 'offered' group by e.email having count(*) > 1) twice)
          + (select count(*) from app_public.waitlist_offers o join app_private.time_claims tc on tc.id = o.claim_id
              where o.outcome is null and (tc.released_at is not null or tc.kind <> 'hold'))
          + (select count(*) from app_public.waitlist_entries e
              where (e.status = 'offered') <> exists (select from app_public.waitlist_offers o where o.waitlist_entry_id = e.id and o.outcome is null))`,
  ).then(Number);

test("SCH-10: workers at once offer nobody two times and no time twice", async () => {
  const outcomes = await atOnce(database, Array(10).fill(worker));
  const made = outcomes.flatMap((outcome) => ("value" in outcome && outcome.value ? [outcome.value] : []));
  // Three of each of two calendars, however many ask.
  expect(outcomes.filter((outcome) => "code" in outcome)).toEqual([]);
  expect(new Set(made).size).toBe(6);
  expect(await faults()).toBe(0);
});

test("SCH-10: times freed, taken, left and offered at once leave nothing half done, and nobody is told of a deadlock", async () => {
  for (let round = 0; round < 4; round++) {
    const offers = await ask<string[]>(
      database,
      "select array_agg(id order by id) from app_public.waitlist_offers where outcome is null",
    );
    const acts = (offers ?? []).map((id, n) => ({
      as: n % 3 === 0 ? "flavia" : "the database",
      sql:
        n % 3 === 0
          ? `select (app_public.book_appointment((app_public.take_own_offer('${id}')).token, tests.id('ana'))).status`
          : n % 3 === 1
            ? `select (app_private.end_wait(e)).status from app_public.waitlist_entries e
               where e.id = (select waitlist_entry_id from app_public.waitlist_offers where id = '${id}')`
            : `select app_private.release_claims(array(select claim_id from app_public.waitlist_offers where id = '${id}'))`,
    }));
    const outcomes = await atOnce(database, [...acts, ...Array(4).fill(worker), settle, settle]);
    const codes = outcomes.flatMap((outcome) =>
      "code" in outcome ? [`${outcome.code} ${outcome.reason}`] : [],
    );
    expect(codes).toEqual([]);
    await atOnce(database, [settle]);
    expect(await faults()).toBe(0);
  }
  expect(
    await ask(database, "select count(*)::int from app_public.appointments where status = 'booked'"),
  ).toBeGreaterThan(3);
  expect(
    await ask(database, "select count(*)::int from app_public.waitlist_entries where status = 'taken'"),
  ).toBe(await ask(database, "select count(*)::int from app_public.appointments"));
});

test("SCH-10: of a take and a leave at once one comes first, and the other is told so", async () => {
  await atOnce(database, [settle]);
  await atOnce(database, [worker]);
  const offer = await ask<string>(
    database,
    "select id from app_public.waitlist_offers where outcome is null order by id limit 1",
  );
  const outcomes = await atOnce(database, [
    { as: "flavia", sql: `select (app_public.take_own_offer('${offer}')).token` },
    {
      as: "flavia",
      sql: `select (app_public.remove_from_waitlist((select waitlist_entry_id from app_public.waitlist_offers where id = '${offer}'))).status`,
    },
  ]);
  expect(outcomes[1]).toEqual({ value: "left" });
  expect([true, "offer_over"]).toContain(
    "value" in (outcomes[0] as object) ? true : (outcomes[0] as { reason: string }).reason,
  );
  expect(await ask(database, `select outcome from app_public.waitlist_offers where id = '${offer}'`)).toBe(
    "declined",
  );
  expect(await faults()).toBe(0);
});
